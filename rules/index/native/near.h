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
#define LEFT_BY_SURE 101 /* thousandths, of SURELY_SAID in rules/evaluate/counting.py */
#define A_STEP 20
#define NEAR_THE_END 5u
#define MOST_BEHIND_A_DERIVED 7 /* rules/patterns/cognates.py */
#define MOST_ROOM 30000
#define NO_ROOM (-1)
#define WANTED_SOUNDS 13u /* where in what Python says of a word stand its sounds, behind their count */

enum { VOWEL = 1, H, R, NASAL, SILENT, LOUD };
enum { A_NAME = 1, A_BRIEF_ONE = 2, IN_ASCII = 4, IN_LATIN_LETTERS = 8 }; /* what a lone name is */

/* How like a word is to a lone name that is surely it, or near enough with its vowels, or for other ones, in thousandths: as in
 * rules/evaluate/nearness.py. And so much more may be told that Python rounds away.
 */
enum { SURELY_NEAR = 960, LEAST_NEAR = 880, NEAR_ENOUGH = 920, ROUNDED = 2 };
#define MORE_CONSONANTS 2u

/* A word of rules, or two as one, and by how much a word of a text may differ: as Wanted in Python has it. */
typedef struct {
    u32 sounds; /* where they are in `pool`; behind them, of which kind each is if it is missing */
    u32 after;  /* which endings may stand behind the stem */
    i16 room, stem_room, derived, begun_room, run_room; /* the last one in a run, where no word ends */
    i16 bare_room, word_room; /* where short vowels are not written, and in words where they are */
    u8 length, stem, begun, rest, profile, shortest, lone, more; /* `lone` what it is if it is a name, with nothing beside it that proves it */
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
    u32 length, profile, is_open, in_signs; /* whether anything may follow; whether signs that are words, too, say it */
    u32 is_bare, in_full;                   /* whether it is without short vowels, or a word with all of them that is in no run */
    const u8 *sounds;
    u8 extra[MOST_SOUNDS]; /* the sounds, or 28 for one that is silent behind a nasal */
} Heard;

/* The endings of a language, as sums of their sounds. */
typedef struct {
    Row sums;
    u32 mask, longest;
} Endings;

static Row pool, wanted, afters;
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

static u64 *place_of(const Endings *endings, u64 sum) {
    u64 *sums = (u64 *)endings->sums.at;
    u32 at = (u32)(sum >> 20) & endings->mask;
    while (sums[at] && sums[at] != sum) at = (at + 1) & endings->mask;
    return &sums[at];
}

/* Whether the sounds from a place on are an ending. */
static int ends(const Heard *heard, u32 at, const Endings *endings) {
    u32 rest = heard->length - at;
    if (heard->is_open || !rest) return 1;
    return rest <= endings->longest && *place_of(endings, sum_of(heard->sounds + at, rest)) != 0;
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
            if (row[at] <= least + NEXT_BEST && (own->more || heard->length - at <= own->rest)) return 1;
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
    return own->lone && heard->in_signs && sure < own->run_room ? sure : own->run_room;
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

static int is_so_like(const Wanted *own, i32 distance, i32 like) {
    return distance <= weight_of(own, own->length) * (1000 - like) / 1000 + ROUNDED;
}

static int begins_with(const u8 *sounds, u32 length, const u8 *others, u32 count) {
    u32 same = 0;
    while (same < count && same < length && sounds[same] == others[same]) same++;
    return same == count;
}

/* Write the vowels of sounds, those as one that are heard as one; and their consonants, each once. */
static u32 vowels_in(const u8 *sounds, u32 length, int has_capitals, u8 *to) {
    u32 count = 0;
    for (u32 at = 0; at < length; at++) {
        u8 sound = sounds[at];
        if (sound == SOUND('u')) sound = SOUND('o');
        else if (sound == SOUND('y')) sound = SOUND('i');
        else if (sound == SOUND('e') && !has_capitals) sound = SOUND('a');
        if (is_vowel(sound)) to[count++] = sound;
    }
    return count;
}

static u32 consonants_in(const u8 *sounds, u32 length, u8 *to) {
    u32 count = 0;
    for (u32 at = 0; at < length; at++)
        if (!is_vowel(sounds[at]) && (!count || to[count - 1] != sounds[at])) to[count++] = sounds[at];
    return count;
}

/* 2 if a word has all vowels of a name, in order, 1 if it has the first of them, but for one with which only one of them begins. */
static u32 vowels_shared(const u8 *own, u32 own_length, const Heard *heard, int has_capitals) {
    u8 some[LONGEST], others[MOST_SOUNDS], *first = some, *other = others;
    u32 count = vowels_in(own, own_length, has_capitals, some), more = vowels_in(heard->sounds, heard->length, has_capitals, others);
    if (begins_with(other, more, first, count)) return 2;
    if (is_vowel(own[0]) != is_vowel(heard->sounds[0])) {
        if (is_vowel(own[0])) first++, count--;
        else other++, more--;
        if (begins_with(other, more, first, count)) return 2;
    }
    return count && more && *first == *other;
}

/* Whether a word that differs by so much from a lone name may be near enough for nothing to prove it. */
static int is_near_name(const Wanted *name, const Heard *heard, i32 distance, int has_capitals, int is_same_script) {
    const u8 *own = bytes_of(&pool) + name->sounds;
    u8 some[LONGEST], others[MOST_SOUNDS];
    if (is_so_like(name, distance, SURELY_NEAR)) return 1;
    if (!is_so_like(name, distance, LEAST_NEAR)) return 0;
    int is_enough = is_vowel(own[0]) != is_vowel(heard->sounds[0]) || is_so_like(name, distance, NEAR_ENOUGH);
    u32 shared = vowels_shared(own, name->length, heard, has_capitals);
    if (is_same_script) return is_enough && shared > 1;
    u32 count = consonants_in(own, name->length, some), more = consonants_in(heard->sounds, heard->length, others);
    if (begins_with(others, more, some, count) && more <= count + MORE_CONSONANTS) return shared > 1 || (shared && is_enough);
    return shared || is_enough;
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

/* Of which kind a sound is if it is missing, as `similarity` tells them apart. */
static u8 kind_of(const u8 *sounds, u32 length, u32 at) {
    u32 sound = sounds[at], before = at ? sounds[at - 1] : 0, after = at + 1 < length ? sounds[at + 1] : 0;
    if (is_vowel(sound)) return VOWEL;
    if (sound == SOUND('h')) return H;
    if (sound == SOUND('r')) return R;
    if ((sound == SOUND('n') || sound == SOUND('m')) &&
        (after == SOUND('b') || after == SOUND('d') || after == SOUND('g') || after == SOUND('p') || after == SOUND('t')))
        return NASAL;
    if (sound == SOUND('k') && after == SOUND('t')) return SILENT;
    int is_nasal = before == SOUND('n') || before == NG;
    return is_nasal && (sound == SOUND('g') || sound == SOUND('k')) ? SILENT : LOUD;
}

/* How many of some sounds may be missing for so much, in scripts that leave none out: the cheapest ones first. */
static u32 most_missing(const u8 *kinds, u32 length, i32 room) {
    u32 counts[8] = {0}, missing = 0;
    for (u32 at = 0; at < length; at++) counts[kinds[at]]++;
    for (i32 left_over = room;;) {
        u32 best = 0;
        for (u32 kind = 1; kind <= LOUD; kind++)
            if (counts[kind] && (!best || plain_misses[kind] < plain_misses[best])) best = kind;
        if (!best || plain_misses[best] > left_over) return missing;
        counts[best]--, missing++, left_over -= plain_misses[best];
    }
}

/* Take in a word of rules: profile, room, stem, room of the stem, what may follow it, derived, rest, begun, its room,
 * what it is as a lone name, its room in a run, in words without vowels, and in those with them, and the sounds. Returns where its
 * numbers end.
 */
static u32 learn_wanted(const i32 *in) {
    u32 length = (u32)in[WANTED_SOUNDS], clipped = length > LONGEST ? LONGEST : length, more = length > clipped;
    i32 room = in[1], derived = more ? (in[1] > in[5] ? in[1] : in[5]) : in[5];
    widen(&wanted, (wanted.count + 1) * sizeof(Wanted));
    if ((u32)in[0] >= PROFILES || (u32)in[4] >= afters.count) __builtin_trap();
    Wanted *own = wanted_at(wanted.count++);
    *own = (Wanted){.sounds = pool.count, .after = (u32)in[4], .room = (i16)room, .stem_room = (i16)in[3],
                    .derived = (i16)derived, .begun_room = (i16)in[8], .run_room = (i16)in[10], .bare_room = (i16)in[11],
                    .word_room = (i16)in[12], .length = (u8)clipped,
                    .stem = (u8)((u32)in[2] > clipped ? 0 : in[2]), .begun = (u8)((u32)in[7] > clipped ? clipped : in[7]),
                    .rest = (u8)in[6], .profile = (u8)in[0], .lone = (u8)in[9], .more = (u8)more};
    u8 kinds[LONGEST], sounds[LONGEST];
    for (u32 at = 0; at < clipped; at++) push_byte(&pool, sounds[at] = (u8)in[WANTED_SOUNDS + 1 + at] & 31);
    for (u32 at = 0; at < clipped; at++) push_byte(&pool, kinds[at] = kind_of(sounds, clipped, at));
    if (own->run_room > room) room = own->run_room;
    u32 few = most_missing(kinds, clipped, room > derived ? room : derived);
    own->shortest = (u8)(clipped - few);
    if (own->stem) {
        few = own->stem - most_missing(kinds, own->stem, in[3]);
        if (few < own->shortest) own->shortest = (u8)few;
    }
    return WANTED_SOUNDS + 1 + length;
}

static u32 near_to[32]; /* for each sound, which ones some script hardly tells from it, as bits */

EXPORT void know_near(u32 count) {
    if (count > 32) __builtin_trap();
    for (u32 n = 0; n < count; n++) near_to[n] = (u32)numbers_of(&input)[n];
}

/* Twice what sounds weigh: a vowel half as much as others. */
static u32 twice_the_weight(const u8 *sounds, u32 length) {
    u32 weight = 2 * length;
    for (u32 at = 0; at < length; at++) weight -= is_vowel(sounds[at]) != 0;
    return weight;
}

static i32 at_most(u32 room) { return room < MOST_ROOM ? (i32)room : MOST_ROOM; }

/* How much two parts of a word may differ from words of rules, of which one weighs so much, and more. */
static i32 room_of_both(u32 one, u32 other, u32 more) { return at_most((one > other ? one : other) * 1101 / 10 + more); }

/* Take in two words as one: sounds and length of the beginning, all of the first word or its stem; those of the second word, and the
 * length of its stem, 0 if it has none; how both treat sounds, and what may follow that stem. A sound of both parts is heard once:
 * one of the rule's is then missing.
 */
static void learn_two(const u8 *first, u32 length, const u8 *second, u32 all, u32 stem, u32 profile, u32 after) {
    i32 row[WANTED_SOUNDS + 1 + 2 * MOST_SOUNDS];
    u32 more = NEXT_BEST - 1, begins = twice_the_weight(first, length);
    for (u32 at = length > NEAR_THE_END ? length - NEAR_THE_END : 0, is_near = 0; at < length && all && !is_near; at++)
        if (near_to[second[0]] >> first[at] & 1) is_near = 1, more += is_vowel(second[0]) ? 400 : 1000;
    i32 room = room_of_both(begins, twice_the_weight(second, all), more);
    i32 stem_room = stem ? room_of_both(begins, twice_the_weight(second, stem), more) : NO_ROOM, begun = at_most(begins * 2001 / 20);
    i32 given[] = {(i32)profile, room, stem ? (i32)(length + stem) : 0, stem_room, (i32)after, NO_ROOM, MOST_BEHIND_A_DERIVED,
                   (i32)length, begun, 0, NO_ROOM, MOST_ROOM, MOST_ROOM, (i32)(length + all)};
    copy(row, given, sizeof given);
    for (u32 at = 0; at < length + all; at++) row[WANTED_SOUNDS + 1 + at] = at < length ? first[at] : second[at - length];
    learn_wanted(row);
}

#endif
