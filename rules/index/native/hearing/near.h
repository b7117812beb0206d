/* Whether a word of a text sounds like a word of rules: never less than rules/languages/similarity.py says, in
 * thousandths.
 */
#ifndef NEAR_H
#define NEAR_H

#include "sounds.h"

#define LONGEST 48u
#define PROFILES 128u
#define BEHIND_A_NASAL 200 /* thousandths */
#define NEXT_BEST 251
#define A_SOUND_OF_AN_ENDING 30
#define BOTH_PARTS 1780
#define OF_A_DERIVED 88 /* hundredths, which a derived word takes of the strength: rules/patterns/dictionary.py */
#define LEFT_BY_SURE 101 /* thousandths, of SURELY_SAID in rules/evaluate/lone_names.py */
#define A_FEW_SIGNS 4u
#define A_STEP 20
#define NEAR_THE_END 5u
#define MOST_BEHIND_A_DERIVED 7u /* rules/patterns/cognates.py */
#define MOST_ROOM 30000
#define NO_ROOM (-1)
#define WANTED_SOUNDS 10u /* where in what Python says of a word stand its sounds, behind their count */

enum { VOWEL = 1, H, R, NASAL, SILENT, LOUD };
enum { A_NAME = 1, A_BRIEF_ONE = 2, IN_ASCII = 4, IN_LATIN_LETTERS = 8, ONLY_SAID = 16 }; /* what a lone name is, or what is said for one */

/* How like a lone name must be what may be it, what is near enough for other vowels, and what is like what is only said for it, in
 * thousandths: as in rules/evaluate/nearness.py. And so much more may be told that Python rounds away. */
enum { LEAST_NEAR = 880, NEAR_ENOUGH = 920, LEAST_SAID = 920, ROUNDED = 2 };

/* A word of rules, or two as one, and by how much a word of a text may differ: as Wanted in Python has it. */
typedef struct {
    u32 sounds; /* where they are in `pool`; behind them, of which kind each is if it is missing */
    u32 after;  /* which endings may stand behind the stem */
    i16 room, stem_room, derived, begun_room, run_room; /* the last one in a run, where no word ends */
    i16 bare_room, word_room; /* where short vowels are not written, and in words where they are */
    u8 length, stem, begun, profile, shortest, lone, more; /* `lone` what it is if it is a name, with nothing beside it that proves it */
} Wanted;

/* The same in steps, by the sound of the text first. */
typedef struct {
    u8 swaps[32][32], missing[16], added[32];
} Steps;

/* What sounds cost between two scripts, in thousandths. */
typedef struct {
    i16 swaps[32 * 32], missing[8], added[32], is_plain;
    Steps steps;
} Costs;

/* A word of a text, as it may sound. */
typedef struct {
    u32 length, profile, is_open;           /* whether anything may follow */
    u32 is_bare, in_full;                   /* whether it is without short vowels, or a word with all of them that is in no run */
    const u8 *sounds;
    const u8 *signs;       /* if signs that are words, too, say it: for each number of sounds, how many signs say them, 0 within one */
    u8 extra[MOST_SOUNDS]; /* the sounds, or 28 for one that is silent behind a nasal */
} Heard;

/* The endings of a language, as sums of their sounds. */
typedef struct {
    Set sums;
    u32 longest;
} Endings;

static Row pool, wanted, afters;
static Set any_after; /* all endings in `afters`, by the sums of their sounds */
static u32 costs_at[32][PROFILES];
static i32 plain_misses[8];

static inline u8 in_steps(i32 cost) { return cost < 0 ? 0 : cost >= 255 * A_STEP ? 255 : (u8)(cost / A_STEP); }

static inline Wanted *wanted_at(u32 number) { return (Wanted *)wanted.at + number; }

EXPORT void know_costs(u32 heard, u32 own) {
    if (heard >= 32 || own >= PROFILES) __builtin_trap();
    Costs *costs = (Costs *)take(sizeof(Costs));
    copy(costs, (void *)input.at, __builtin_offsetof(Costs, steps));
    costs->added[28] = BEHIND_A_NASAL;
    Steps *steps = &costs->steps;
    for (u32 one = 0; one < 32; one++) {
        steps->added[one] = in_steps(costs->added[one]);
        for (u32 other = 0; other < 32; other++) steps->swaps[other][one] = in_steps(costs->swaps[one * 32 + other]);
    }
    for (u32 kind = 0; kind < 16; kind++) steps->missing[kind] = kind < 8 ? in_steps(costs->missing[kind]) : 0;
    costs_at[heard][own] = (u32)costs;
    if (costs->is_plain)
        for (u32 kind = 0; kind < 8; kind++) plain_misses[kind] = costs->missing[kind];
}

static u64 sum_of(const u8 *sounds, u32 length) {
    u64 sum = 0xcbf29ce484222325ull;
    for (u32 at = 0; at < length; at++) sum = (sum ^ sounds[at]) * 0x100000001b3ull;
    return sum ? sum : 1;
}

/* Whether the sounds from a place on are an ending. */
static int ends(const Heard *heard, u32 at, const Endings *endings) {
    u32 rest = heard->length - at;
    if (heard->is_open || !rest) return 1;
    return rest <= endings->longest && value_of(&endings->sums, sum_of(heard->sounds + at, rest)) != 0;
}

/* Whether behind a stem only an ending of its kind follows, and maybe one of the language. */
static int ends_stem(const Wanted *own, const Heard *heard, u32 at, const Endings *endings) {
    const i32 *set = numbers_of(&afters) + own->after;
    const u8 *some = bytes_of(&pool);
    u32 rest = heard->length - at;
    for (i32 n = 0; n < set[0]; n++) {
        u32 from = (u32)set[1 + 2 * n], size = (u32)set[2 + 2 * n], same = 0;
        if (size > rest) continue;
        while (same < size && some[from + same] == heard->sounds[at + same]) same++;
        if (same == size && (size == rest || ends(heard, at + size, endings))) return 1;
    }
    return heard->is_open;
}

static i32 least_of(const i32 *row, u32 length) {
    i32 least = row[0];
    for (u32 at = 1; at <= length; at++) least = row[at] < least ? row[at] : least;
    return least;
}

static int is_plain(const Wanted *own, const Heard *heard) {
    const Costs *costs = (const Costs *)costs_at[heard->profile][own->profile];
    return costs && costs->is_plain;
}

static i32 ending_cost(const Heard *heard, u32 at) {
    return heard->is_open ? 0 : (i32)(heard->length - at) * A_SOUND_OF_AN_ENDING;
}

static int is_whole(const Wanted *own, const Heard *heard, const Endings *endings, const i32 *row, i32 room, i32 derived) {
    i32 least = least_of(row, heard->length);
    if (least <= room) {
        for (u32 at = 0; at <= heard->length; at++)
            if (row[at] + ending_cost(heard, at) <= room && ends(heard, at, endings)) return 1;
    }
    if (least <= derived) {
        for (u32 at = 0; at <= heard->length; at++)
            if (row[at] <= least + NEXT_BEST && (own->more || heard->length - at <= MOST_BEHIND_A_DERIVED)) return 1;
    }
    return 0;
}

/* Let what is heard be ready to be compared. */
static void listen_to(Heard *heard) {
    for (u32 at = 0; at < heard->length; at++) {
        u32 sound = heard->sounds[at], before = at ? heard->sounds[at - 1] : 0;
        int is_nasal = before == SOUND('n') || before == NG;
        heard->extra[at] = is_nasal && (sound == SOUND('g') || sound == SOUND('k')) ? 28 : (u8)sound;
    }
}

/* Go on to the row of the next sound of a word of rules, and return its least distance. */
static inline i32 next_row(const Costs *costs, const u8 *sounds, const u8 *kinds, u32 place, const Heard *heard, i32 *row) {
    const i16 *swaps = costs->swaps + sounds[place] * 32;
    i32 miss = costs->missing[kinds[place]], diagonal = row[0], before = row[0] += miss, least = before;
    for (u32 at = 0; at < heard->length; at++) {
        i32 cost = diagonal + swaps[heard->sounds[at]], other = (diagonal = row[at + 1]) + miss;
        cost = other < cost ? other : cost;
        other = before + costs->added[heard->extra[at]];
        row[at + 1] = before = other < cost ? other : cost;
        least = before < least ? before : least;
    }
    return least;
}

static const Costs *first_row(const Wanted *own, const Heard *heard, i32 *row) {
    const Costs *costs = (const Costs *)costs_at[heard->profile][own->profile];
    if (!costs) __builtin_trap();
    row[0] = 0;
    for (u32 at = 0; at < heard->length; at++) row[at + 1] = row[at] + costs->added[heard->extra[at]];
    return costs;
}

static i32 weight_of(const Wanted *own, u32 length) {
    i32 weight = 0;
    for (u32 at = 0; at < length; at++) weight += is_vowel(bytes_of(&pool)[own->sounds + at]) ? 500 : 1000;
    return weight;
}

/* By how much all of a word may differ in a run. A lone name that signs of words say must be more like it. */
static i32 room_in_run(const Wanted *own, const Heard *heard) {
    i32 sure = weight_of(own, own->length) * LEFT_BY_SURE / 1000 + 1;
    return own->lone && heard->signs && sure < own->run_room ? sure : own->run_room;
}

static int is_so_like(const Wanted *own, i32 distance, i32 like) {
    return distance <= weight_of(own, own->length) * (1000 - like) / 1000 + ROUNDED;
}

/* How like a lone name must be what so many signs say, and more, in thousandths: as in rules/evaluate/lone_names.py. */
static const i16 like_by_signs[A_FEW_SIGNS + 1] = {0, 1010, 950, 940, 900};

/* Whether signs say a lone name: the fewer they are, the more like it must they be. */
static int is_said_by_signs(const Wanted *own, const Heard *heard, const i32 *row) {
    i32 least = least_of(row, heard->length);
    for (u32 at = 0; at <= heard->length; at++) {
        if (!heard->signs[at] || row[at] > least + NEXT_BEST) continue;
        if (is_so_like(own, least, like_by_signs[heard->signs[at]])) return 1;
        if (at < heard->length) at = heard->length - 1; /* it ends with the run, or as soon as it may */
    }
    return 0;
}

/* Whether they are alike, and what may follow; `derives` if the word of the text may go on in any way. */
static int is_near(const Wanted *own, const Heard *heard, const Endings *endings, int derives) {
    if (heard->length < own->shortest && is_plain(own, heard)) return 0;
    i32 row[MOST_SOUNDS + 1], room = own->room, stem_room = own->stem_room, derived = derives ? own->derived : -1;
    if (heard->is_open && !own->more) room = room_in_run(own, heard), stem_room = derived = -1;
    if (heard->is_bare && own->bare_room < room && !own->more) room = own->bare_room;
    if (heard->in_full && own->word_room < room && !own->more) room = own->word_room;
    i32 most = room > stem_room ? room : stem_room;
    if (derived > most) most = derived;
    const Costs *costs = first_row(own, heard, row);
    const u8 *sounds = bytes_of(&pool) + own->sounds, *kinds = sounds + own->length;
    for (u32 place = 0; place < own->length; place++) {
        i32 least = next_row(costs, sounds, kinds, place, heard, row);
        if (place + 1 == own->stem && least <= stem_room) {
            for (u32 at = 0; at <= heard->length; at++)
                if (row[at] <= stem_room && ends_stem(own, heard, at, endings)) return 1;
        }
        if (least > most || (place < own->begun && least > own->begun_room)) return 0;
    }
    if (heard->signs && own->lone && !own->more) return is_said_by_signs(own, heard, row);
    return is_whole(own, heard, endings, row, room, derived);
}

/* A word of rules of which a word of a text is so like, in thousandths. */
static Wanted as_like(const Wanted *wanted, i32 like) {
    Wanted own = *wanted;
    i32 weight = weight_of(wanted, own.length), stem = weight_of(wanted, own.stem);
    i32 room = weight * (1000 - like) / 1000 + 1, stem_room = stem * (1000 - like) / 1000 + 1;
    i32 derived = weight * (1000 - like * 100 / OF_A_DERIVED) / 1000 + 1;
    if (own.more) return own;
    if (room < own.room) own.room = (i16)room;
    if (room < own.run_room) own.run_room = (i16)room;
    if (stem_room < own.stem_room) own.stem_room = (i16)stem_room;
    if (derived < own.derived) own.derived = (i16)derived;
    return own;
}

/* Whether a word goes on as a word of rules from where a beginning ends that is alike by so many thousandths. */
static int goes_on_as(const Wanted *tail, const Heard *heard, const Endings *endings, const i32 *row, i32 least, i32 like) {
    if (BOTH_PARTS - like > 1000) return 0;
    Wanted own = as_like(tail, BOTH_PARTS - like);
    u32 first = bytes_of(&pool)[own.sounds];
    for (u32 at = 0; at <= heard->length; at++) {
        if (row[at] > least + NEXT_BEST) continue;
        for (u32 from = at; from + 1 >= at && from <= at; from--) { /* a sound of both parts is heard once */
            Heard rest = {.length = heard->length - from, .profile = heard->profile, .is_open = heard->is_open,
                          .sounds = heard->sounds + from};
            listen_to(&rest);
            if (is_near(&own, &rest, endings, 0)) return 1;
            if (!at || heard->sounds[at - 1] != first) break;
        }
    }
    return 0;
}

/* Whether a word begins with a cognate of one word, or of its stem, and goes on with one of another. */
static int are_both(const Wanted *head, const Wanted *tail, const Heard *heard, const Endings *endings) {
    i32 row[MOST_SOUNDS + 1], weight = weight_of(head, head->stem), most = weight_of(head, head->length) / 5 + 1;
    const Costs *costs = first_row(head, heard, row);
    const u8 *sounds = bytes_of(&pool) + head->sounds, *kinds = sounds + head->length;
    for (u32 place = 0; place < head->length; place++) {
        i32 least = next_row(costs, sounds, kinds, place, heard, row);
        if (place + 1 == head->stem && least <= weight / 5 + 1 &&
            goes_on_as(tail, heard, endings, row, least, 1001 - least * 1000 / weight))
            return 1;
        if (least > most) return 0;
    }
    i32 least = least_of(row, heard->length);
    weight = weight_of(head, head->length);
    return goes_on_as(tail, heard, endings, row, least, 1001 - least * 1000 / weight);
}

/* By how much a word differs from all of a word of rules, but for an ending. */
static i32 distance_of(const Wanted *own, const Heard *heard, const Endings *endings) {
    i32 row[MOST_SOUNDS + 1], best = 0x7fff;
    const Costs *costs = first_row(own, heard, row);
    const u8 *sounds = bytes_of(&pool) + own->sounds, *kinds = sounds + own->length;
    for (u32 place = 0; place < own->length; place++) next_row(costs, sounds, kinds, place, heard, row);
    for (u32 at = 0; at <= heard->length; at++) {
        i32 distance = row[at] + ending_cost(heard, at);
        if (distance < best && ends(heard, at, endings)) best = distance;
    }
    return best;
}

/* Read the first sounds of all words of rules in some pairs, of which the second number says what is wanted, before the first one is
 * compared: memory far apart is waited for together then, and not one after the other.
 */
static void ask_ahead(const Row *pairs) {
    for (u32 n = 1; n < pairs->count; n += 2) {
        const Wanted *own = wanted_at((u32)numbers_of(pairs)[n]);
        if (own->length) (void)*(const volatile u8 *)(bytes_of(&pool) + own->sounds);
    }
}

#endif
