/* Whether a word that sounds like a name of one word may be it, with nothing beside it: never less than
 * rules/evaluate/lone_names.py says.
 */
#ifndef NAMES_H
#define NAMES_H

#include "ways.h"

/* What is heard of one word of the article: its folded letters, none of a run. */
typedef struct {
    Language *language;
    u32 number, place, at, ways; /* which word it is, where it is written down and stands, how many ways to say it came */
    const u32 *letters;
    u32 length;
    u64 mask;
} Hearing;

/* How a script writes names, in thousandths, as rules/evaluate/name_spelling.py says: what its sounds cost for others, and these;
 * how far names may be of at most few sounds, of more and of many, and how many these are.
 */
enum {
    LESS = 32 * 32, LESS_R, MORE, IS_ABJAD, CLOSES_WITH_VOWELS, OTHER_SOUND, SILENT_H, SILENT_FIRST_H, BESIDE_A_VOWEL, SILENT_E,
    CLEAR_VOWEL, AT_AN_EDGE, A_BEARER, AN_ENDING, MOST_OF_FEW, MOST_OF_MORE, MOST_OF_MANY, FEW_SOUNDS, MANY_SOUNDS, OF_WRITING
};
#define MOST_SPELLED 64u
#define LEAST_SPELLED 4u
#define NEARER_IF_SAID 400 /* thousandths */
#define LEAST_OF_IT 60     /* hundredths of its sounds, where short vowels are not written: rules/evaluate/lone_names.py */
#define WAW 0x648u
static Row writings[32];

EXPORT void know_writing(u32 kind, u32 count) {
    if (kind >= 32 || count != OF_WRITING) __builtin_trap();
    for (u32 n = 0; n < count && writings[kind].count < OF_WRITING; n++) push(&writings[kind], numbers_of(&input)[n]);
}

static inline int is_beside_vowel(const u8 *sounds, u32 length, u32 at) {
    return (at && is_vowel(sounds[at - 1])) || (at + 1 < length && is_vowel(sounds[at + 1]));
}

/* What it costs to write a name without one of its sounds. */
static i32 unwritten(const i32 *costs, const u8 *own, u32 length, u32 at) {
    if (own[at] == SOUND('h')) return costs[at ? SILENT_H : SILENT_FIRST_H];
    if (!is_vowel(own[at])) return costs[own[at] == SOUND('r') && at ? LESS_R : OTHER_SOUND];
    if (at + 1 == length && own[at] == SOUND('e')) return costs[SILENT_E];
    if (at && is_beside_vowel(own, length, at)) return costs[BESIDE_A_VOWEL];
    int is_clear = own[at] != SOUND('a') && own[at] != SOUND('e'), is_edge = !at || at + 1 == length;
    return costs[LESS] + is_clear * costs[CLEAR_VOWEL] + is_edge * costs[AT_AN_EDGE];
}

/* What it costs to write a name with a sound more. */
static i32 put_in(const i32 *costs, const u8 *own, u32 own_length, const u8 *heard, u32 length, u32 at) {
    if (!is_vowel(heard[at])) return costs[OTHER_SOUND];
    int is_borne = is_vowel(own[0]) || (own[0] == SOUND('s') && (own_length < 2 || !is_vowel(own[1])));
    if (!at && costs[IS_ABJAD] && heard[0] == SOUND('a') && is_borne) return costs[A_BEARER];
    if (at && is_beside_vowel(heard, length, at)) return costs[BESIDE_A_VOWEL];
    return costs[MORE] + (at + 1 == length && !costs[CLOSES_WITH_VOWELS]) * costs[AT_AN_EDGE];
}

/* Whether a name may be written as what is heard, but for an ending. */
static int may_be_written(const i32 *costs, const u8 *own, u32 own_length, const Heard *heard, const Endings *endings, i32 most) {
    i32 row[2 * MOST_SPELLED + 1], added[2 * MOST_SPELLED];
    row[0] = 0;
    for (u32 at = 0; at < heard->length; at++)
        row[at + 1] = row[at] + (added[at] = put_in(costs, own, own_length, heard->sounds, heard->length, at));
    for (u32 place = 0; place < own_length; place++) {
        const i32 *unlike = costs + own[place] * 32;
        i32 missing = unwritten(costs, own, own_length, place), diagonal = row[0], least = row[0] += missing;
        for (u32 at = 0; at < heard->length; at++) {
            i32 cost = diagonal + unlike[heard->sounds[at]];
            diagonal = row[at + 1];
            if (diagonal + missing < cost) cost = diagonal + missing;
            if (row[at] + added[at] < cost) cost = row[at] + added[at];
            row[at + 1] = cost;
            if (cost < least) least = cost;
        }
        if (least > most) return 0;
    }
    if (row[heard->length] <= most) return 1;
    for (u32 at = 1; at < heard->length && !costs[IS_ABJAD]; at++)
        if (row[at] + costs[AN_ENDING] <= most && ends(heard, at, endings)) return 1;
    return 0;
}

/* Whether one way to say a word, in a script without capitals, spells a name, or is so much farther from it at most. */
static int may_be_spelled(const Wanted *name, const i32 *sound, const Language *language, i32 slack) {
    u32 length = (u32)sound[SAID_AS] & 255;
    const Row *writing = &writings[(u32)sound[SAID_AS] >> 8 & 31];
    const i32 *costs = numbers_of(writing);
    if (!writing->count || length > MOST_SPELLED || name->length < LEAST_SPELLED || name->more) return 1;
    u32 more = name->length > (u32)costs[FEW_SOUNDS], many = name->length > (u32)costs[MANY_SOUNDS];
    i32 most = costs[MOST_OF_FEW + more + many] + slack;
    u8 own[2 * MOST_SPELLED], heard[2 * MOST_SPELLED];
    Heard said = {.length = spell_out(bytes_of(&language->sounds) + sound[AT], length, 1, heard), .sounds = heard};
    for (u32 both = 0; both < 2; both++) {
        u32 own_length = spell_out(bytes_of(&pool) + name->sounds, name->length, (int)both, own);
        if (may_be_written(costs, own, own_length, &said, &language->endings, most)) return 1;
        if (!costs[IS_ABJAD] || heard[said.length - 1] != SOUND('h')) continue;
        heard[said.length - 1] = SOUND('a'); /* a last h may be one */
        if (may_be_written(costs, own, own_length, &said, &language->endings, most)) return 1;
        heard[said.length - 1] = SOUND('h');
    }
    return 0;
}

/* What one way to say a word sounds like, as it was written down. */
static Heard said_at(const Language *language, const i32 *sound) {
    u32 as = (u32)sound[SAID_AS];
    Heard said = {.length = as & 255, .profile = as >> 8 & 255, .is_open = as >> 24, .sounds = bytes_of(&language->sounds) + sound[AT]};
    listen_to(&said);
    return said;
}

static int is_said_so(const Wanted *name, const i32 *sound, const Language *language) {
    u32 length = (u32)sound[SAID_AS] & 255, same = 0;
    const u8 *own = bytes_of(&pool) + name->sounds, *heard = bytes_of(&language->sounds) + sound[AT];
    while (same < name->length && same < length && own[same] == heard[same]) same++;
    return same == name->length && (same == length || name->more);
}

/* What decides whether a word that sounds like a lone name may be one: how it is written, and what that tells. */
enum { IN_A_RUN = 1, QUOTED = 2, AS_SPELLED = 4, AS_HEARD = 8, IN_LATIN = 16, WITH_CAPITALS = 32 };

static u32 writing_of(const Hearing *of) {
    const u32 *letters = written_at(of->at);
    const Language *language = of->language;
    u32 every = 0, before = 0, length = written_length(of->at), script = script_in(letters, length), tells = AS_SPELLED;
    if (numbers_of(&language->heard)[of->place + FLAGS] & IS_RUN) return IN_A_RUN;
    for (u32 at = 0; at < length; at++) {
        every |= letters[at];
        if (flags_of_letter(letters[at]) & HAS_CAPITALS) tells = WITH_CAPITALS;
        int is_hebrew = letters[at] >= 0x590 && letters[at] < 0x600, is_waw_twice = letters[at] == WAW && before == WAW;
        if (is_hebrew || is_waw_twice) return 0; /* of which only Python knows what stands for vowels */
        before = letters[at];
    }
    if (!(scripts[script].flags & (NO_VOWELS | ABJAD))) tells |= AS_HEARD;
    if (script == LATIN_SCRIPT) tells |= IN_LATIN;
    if (every < 128 && language->has_other_letters) return language->latin == LATIN_SCRIPT && !language->j_is_i ? QUOTED : 0;
    return tells;
}

/* Whether a word sounds so like a name that nothing must prove it: in its own script the more if both begin with a vowel, or neither. */
static int may_sound_so(const Hearing *of, const Wanted *name, u32 writing) {
    const Language *language = of->language;
    const i32 *heard = numbers_of(&language->heard) + of->place, *end = numbers_of(&language->heard) + language->heard.count;
    i32 distance = 0x7fff, least = writing & IN_LATIN && name->lone & IN_LATIN_LETTERS ? NEAR_ENOUGH : LEAST_NEAR;
    if (name->more || !name->length || !(name->lone & IN_LATIN_LETTERS)) return 1;
    for (const i32 *sound = heard + OF_WORD; sound < end; sound += OF_SOUND) {
        Heard said = said_at(language, sound);
        if (is_vowel(bytes_of(&pool)[name->sounds]) != is_vowel(said.sounds[0])) least = LEAST_NEAR;
        i32 own = distance_of(name, &said, &language->endings);
        distance = own < distance ? own : distance;
    }
    return is_so_like(name, distance, name->lone & ONLY_SAID && least < LEAST_SAID ? LEAST_SAID : least);
}

/* Whether a word without short vowels says enough of a name. */
static int may_say_consonants(const Hearing *of, const Wanted *name) {
    const Language *language = of->language;
    const i32 *heard = numbers_of(&language->heard) + of->place, *end = numbers_of(&language->heard) + language->heard.count;
    int is_long = name->more, is_alike = 0;
    for (const i32 *sound = heard + OF_WORD; sound < end && !(is_long && is_alike); sound += OF_SOUND) {
        Heard said = said_at(language, sound);
        said.is_bare = 1;
        is_long |= said.length * 100 >= name->length * LEAST_OF_IT;
        is_alike |= is_near(name, &said, &language->endings, 0);
    }
    return is_long && is_alike;
}

/* Whether the letters of a word may be those of a name, with what the language writes onto it or without. */
static int may_have_its_letters(const Hearing *of, const Word *name) {
    const NameLetters *known = &of->language->names;
    const i32 *in = numbers_of(&of->language->prefixes);
    const u8 *ways = bytes_of(&names_written) + name->letters;
    if (!known->count || of->length > LONGEST_WRITTEN || !*ways) return 1;
    if (script_in(written_at(of->at), written_length(of->at)) != known->script) return 1;
    if (may_write(known, ways, of->letters, of->length, known->least)) return 1;
    for (u32 n = 0; n < of->language->prefixes.count; n += 1 + (u32)in[n]) {
        u32 size = (u32)in[n];
        if (of->length < size + (size > 1 ? 3 : 4) || shared_letters((const u32 *)in + n + 1, size, of->letters, of->length) != size) continue;
        if (may_write(known, ways, of->letters + size, of->length - size, known->least + known->bare)) return 1;
    }
    return 0;
}

/* Whether a word may be the name that a way is, if it is a lone one: never less than rules/evaluate/lone_names.py says. */
static int may_be_name(const Hearing *of, u32 number, u32 writing) {
    const Language *language = of->language;
    const i32 *way = way_of(number), *slot = way + OF_WAY, *heard = numbers_of(&language->heard) + of->place;
    if (head_of(number)->is_never_one) return (heard[FLAGS] & IS_RUN) != 0;
    if (!(flags_of(language, number) & COUNTS) || way[SLOTS] != 1 || !slot[SLOT_WORDS]) return 1;
    const Word *word = word_at((u32)slot[OF_SLOT]);
    const Wanted *name = wanted_at(word->wanted);
    u32 is_brief = name->lone & A_BRIEF_ONE;
    if (!(name->lone & A_NAME)) return 1;
    if (!writing) return may_have_its_letters(of, word);
    if (writing == IN_A_RUN) return !is_brief;
    if (is_brief && writing & IN_LATIN && name->lone & IN_LATIN_LETTERS) return 0;
    if (writing == QUOTED && (!(name->lone & IN_ASCII) || is_brief)) return !(name->lone & IN_ASCII);
    if (writing == QUOTED) {
        for (u32 at = OF_WORD; of->place + at < language->heard.count; at += OF_SOUND)
            if (is_said_so(name, heard + at, language)) return 1;
        return 0;
    }
    if (!(writing & AS_HEARD) && !may_say_consonants(of, name)) return 0;
    int is_heard_so = !(writing & AS_HEARD) || (is_brief && !(writing & WITH_CAPITALS)); /* which its spelling tells better */
    int is_spelled = !(writing & AS_SPELLED);
    for (i32 n = 0; n < slot[SLOT_WORDS] && !(is_heard_so && is_spelled); n++) { /* the name, and what is said for it */
        const Wanted *own = wanted_at(word_at((u32)slot[OF_SLOT + n])->wanted);
        if (own->lone & ONLY_SAID && !(writing & AS_HEARD)) break; /* of which too little is written */
        if (!is_heard_so) is_heard_so = may_sound_so(of, own, writing);
        for (u32 at = OF_WORD; !is_spelled && of->place + at < language->heard.count; at += OF_SOUND)
            is_spelled = may_be_spelled(own, heard + at, language, own->lone & ONLY_SAID ? -NEARER_IF_SAID : 0);
    }
    return is_heard_so && is_spelled && may_have_its_letters(of, word);
}

#endif
