/* How words sound: what rules/languages/phonemes.py says of one word, from tables that Python fills.
 *
 * Sounds are numbers: a-z are 1 to 26, N is 27. What scripts, spellings and letters are comes from rules.data.
 */
#ifndef SOUNDS_H
#define SOUNDS_H

#include "sets.h"

#define LETTERS 0x20000u
#define LONGEST_WORD 4096u
#define MOST_SOUNDS 255u
#define SCRIPTS 128u
#define TABLES 32u
#define DEPTH 5u
#define KEYS 9331u /* keys of up to five of six groups, the empty one among them */
#define DEEPER 6u
#define DEEPER_KEYS 55987u /* the same of one group more */
#define SOUND(letter) ((letter) - 'a' + 1)
#define NG 27

enum { NO_VOWELS = 1, J_IS_I = 2, MAY_J_BE_I = 4, DROPS = 8, ABJAD = 16, SAID = 32 };

/* What a letter is: known, a capital, a small one, of a script in which names have capitals; or one of which only Python
 * knows what it is beside others, or in small; a sign that may write a sound of a foreign name, with another one beside it.
 */
enum { MET = 1, CAPITAL = 2, SMALL_LETTER = 4, HAS_CAPITALS = 8, STRANGE = 16, WRITES_NAMES = 32 };

typedef struct {
    u32 profile, flags, group, table;
    Row pairs;        /* of letters that sound otherwise together: each as length and letters, three times */
    Row alternatives; /* letters that may be heard in two ways, and the other one: each as length and letters */
} Script;

typedef struct {
    u32 first[28]; /* where the rows of each letter begin in `cells` */
    Row cells;     /* length, letters, count, sounds; the longest letters of each first one come first */
} Spelling;

static u32 roman_at[LETTERS]; /* where the letters a-z are that a letter is, times 64, and how many; 0: not known */
static u8 script_of[LETTERS], letter_flags[LETTERS];
static u32 small_at[LETTERS]; /* what a letter is in small */
static Row roman_letters;
static Script scripts[SCRIPTS];
static Spelling spellings[TABLES];

/* Take in letters: code, script, flags, the small letter, count, letters a-z as sounds. */
EXPORT void know_letters(u32 count) {
    const i32 *in = numbers_of(&input);
    for (u32 at = 0; at + 4 < count;) {
        u32 code = (u32)in[at], some = (u32)in[at + 4];
        if (code >= LETTERS || some > 63 || at + 5 + some > count) __builtin_trap();
        script_of[code] = (u8)in[at + 1], letter_flags[code] = (u8)in[at + 2] | MET, small_at[code] = (u32)in[at + 3];
        if (!roman_letters.count) push_byte(&roman_letters, 0);
        roman_at[code] = roman_letters.count * 64 + some;
        for (u32 n = 0; n < some; n++) push_byte(&roman_letters, (u32)in[at + 5 + n]);
        at += 5 + some;
    }
}

static inline u32 flags_of_letter(u32 code) { return code < LETTERS ? letter_flags[code] : STRANGE; }

#define LATIN_SCRIPT 2u /* rules/index/sounds/spoken.py */

/* The script of a word's first letter; 0 if it has none. */
static u32 script_in(const u32 *text, u32 length) {
    u32 script = 0;
    for (u32 at = 0; at < length && !script; at++) script = text[at] < LETTERS ? script_of[text[at]] : 0;
    return script;
}

/* Take in a script: profile, flags, group, table of spellings, and its pairs of letters. */
EXPORT void know_script(u32 number, u32 count) {
    const i32 *in = numbers_of(&input);
    if (number >= SCRIPTS || count < 4 || (u32)in[3] >= TABLES) __builtin_trap();
    Script *script = &scripts[number];
    script->profile = (u32)in[0], script->flags = (u32)in[1], script->group = (u32)in[2], script->table = (u32)in[3];
    for (u32 at = 4; at < count; at++) push(&script->pairs, in[at]);
}

/* Take in which letters of a script may be heard in two ways, each with the other one. */
EXPORT void know_alternatives(u32 number, u32 count) {
    if (number >= SCRIPTS) __builtin_trap();
    for (u32 at = 0; at < count; at++) push(&scripts[number].alternatives, numbers_of(&input)[at]);
}

/* Take in which letters a-z are which sounds, as `cells`, with the first letters in order. */
EXPORT void know_spelling(u32 number, u32 count) {
    const i32 *in = numbers_of(&input);
    if (number >= TABLES) __builtin_trap();
    Spelling *spelling = &spellings[number];
    u32 letter = 0;
    for (u32 at = 0; at < count;) {
        u32 end = at + 1 + (u32)in[at];
        while (letter <= (u32)in[at + 1] && letter < 28) spelling->first[letter++] = at;
        at = end + 1 + (u32)in[end];
    }
    while (letter < 28) spelling->first[letter++] = count;
    for (u32 at = 0; at < count; at++) push_byte(&spelling->cells, (u32)in[at]);
}

static u32 written[LONGEST_WORD * 2 + 16], rewritten[LONGEST_WORD * 2 + 16];
static u8 roman[LONGEST_WORD * 2 + 64];
static u32 are_one; /* whether the same letter twice is one, for what stood between them may be lost */

/* Whether the same letter twice has a vowel between. */
static int is_doubled(u32 code) {
    if (code < 0x5d0) return 0;
    if (code <= 0x5ea) return code != 0x5d5 && code != 0x5d9;
    if (code <= 0x647) return code >= 0x621 && code != 0x644;
    u32 place = code & 0x7f;
    switch (code & ~0x7fu) {
    case 0x600: return code == 0x679 || code == 0x67e;
    case 0x680: return code == 0x686 || code == 0x688 || code == 0x691 || code == 0x698 || code == 0x6a9 || code == 0x6af;
    case 0x900: return place >= 0x04 && place <= 0x39;
    case 0x980: return place >= 0x05 && place <= 0x39;
    case 0xa80: case 0xb80: case 0xc00: case 0xc80: case 0xd00: return place >= 0x05 && place <= 0x39;
    default: return 0;
    }
}

static int is_at(const u32 *text, u32 length, u32 at, const i32 *letters) {
    u32 count = (u32)letters[0];
    if (at + count > length) return 0;
    for (u32 n = 0; n < count; n++)
        if (text[at + n] != (u32)letters[1 + n]) return 0;
    return 1;
}

static u32 put(u32 *to, u32 length, const i32 *letters) {
    for (i32 n = 0; n < letters[0] && length < LONGEST_WORD * 2; n++) to[length++] = (u32)letters[1 + n];
    return length;
}

/* Write letters otherwise that sound otherwise together: one pair after the other, everywhere. */
static u32 respelled(const Script *script, u32 length) {
    const i32 *pairs = numbers_of(&script->pairs);
    for (u32 at = 0; at < script->pairs.count;) {
        const i32 *pair = pairs + at, *inside = pair + 1 + pair[0], *first = inside + 1 + inside[0];
        at = (u32)(first + 1 + first[0] - pairs);
        u32 count = 0, from = 0, changed = 0;
        if (is_at(written, length, 0, pair)) {
            /* what stands at the beginning then may be such a pair again, as when it is done by hand */
            count = put(rewritten, 0, first), from = (u32)pair[0];
            for (; from < length; from++) rewritten[count++] = written[from];
            copy(written, rewritten, count * 4);
            length = count, count = 0, from = 0;
        }
        while (from < length) {
            if (is_at(written, length, from, pair)) {
                count = put(rewritten, count, inside), from += (u32)pair[0], changed = 1;
            } else {
                rewritten[count++] = written[from++];
            }
            if (count >= LONGEST_WORD * 2) break;
        }
        if (changed) copy(written, rewritten, count * 4), length = count;
    }
    return length;
}

static u32 romanised(const u32 *text, u32 length, const Script *script) {
    u32 count = 0, letters = 0;
    if (length > LONGEST_WORD) length = LONGEST_WORD;
    for (u32 at = 0; at < length; at++) {
        written[count++] = text[at];
        if (at + 1 < length && text[at] == text[at + 1] && !are_one && is_doubled(text[at])) written[count++] = 'a';
    }
    if (script->pairs.count) count = respelled(script, count);
    for (u32 at = 0; at < count && letters < LONGEST_WORD * 2; at++) {
        u32 known = written[at] < LETTERS ? roman_at[written[at]] : 0;
        const u8 *some = bytes_of(&roman_letters) + known / 64;
        for (u32 n = 0; n < known % 64; n++) roman[letters++] = some[n];
    }
    return letters;
}

/* Write a word's sounds, and return how many; small letters, as Unicode composes them. */
static u32 to_sounds(const u32 *text, u32 length, u32 number, int j_is_i, u8 *sounds) {
    const Script *script = &scripts[number];
    if (script->flags & SAID) { /* sounds already */
        if (length > MOST_SOUNDS) length = MOST_SOUNDS;
        for (u32 at = 0; at < length; at++) sounds[at] = text[at] == 'N' ? NG : (u8)SOUND(text[at]) & 31;
        return length;
    }
    u32 letters = romanised(text, length, script), count = 0;
    if (script->flags & J_IS_I || (j_is_i && script->flags & MAY_J_BE_I)) {
        for (u32 at = 0; at < letters; at++)
            if (roman[at] == SOUND('j') && !(at && roman[at - 1] == SOUND('d'))) roman[at] = SOUND('y');
    }
    if (script->flags & NO_VOWELS) {
        for (u32 at = 0; at < letters; at++) {
            if (roman[at] == SOUND('w')) roman[at] = SOUND('u');
            if (roman[at] == SOUND('y')) roman[at] = SOUND('i');
        }
    }
    const Spelling *spelling = &spellings[script->table];
    const u8 *cells = bytes_of(&spelling->cells);
    for (u32 at = 0; at < letters;) {
        u32 cell = spelling->first[roman[at]], end = spelling->first[roman[at] + 1], found = 0;
        while (cell < end && !found) {
            u32 size = cells[cell], same = 1;
            while (same < size && at + same < letters && roman[at + same] == cells[cell + 1 + same]) same++;
            found = same == size;
            if (!found) cell += size + 2 + cells[cell + 1 + size];
        }
        const u8 *some = roman + at;
        u32 more = 1, size = 1;
        if (found) size = cells[cell], more = cells[cell + 1 + size], some = cells + cell + 2 + size;
        for (u32 n = 0; n < more && count < MOST_SOUNDS; n++)
            if (!count || sounds[count - 1] != some[n]) sounds[count++] = some[n];
        at += size;
    }
    return count;
}

#define NEXT_SIGN '.' /* rules/languages/transcribed.py */

/* Read what signs say: the sounds, a mark before those of each next sign; and for each number of sounds how many signs say
 * them, at most so many, 0 within a sign. Returns how many sounds.
 */
static u32 read_signs(const u32 *text, u32 length, u32 most, u8 *sounds, u8 *signs) {
    u32 count = 0, sign = 1, last = 0;
    signs[0] = 0;
    for (u32 at = 0; at < length && count < MOST_SOUNDS; at++) {
        if (text[at] == NEXT_SIGN) {
            signs[count] = (u8)last, sign += sign < most;
            continue;
        }
        sounds[count++] = text[at] == 'N' ? NG : (u8)SOUND(text[at]) & 31;
        signs[count] = 0, last = sign;
    }
    signs[count] = (u8)last;
    return count;
}

static inline int is_vowel(u32 sound) {
    return sound < 27 && (1u << sound & (1u << 1 | 1u << 5 | 1u << 9 | 1u << 15 | 1u << 21)) != 0;
}

enum { K, L, M, P, S, T, NOTHING = 7 };

/* The groups that a sound may be, as bits; 0 for a vowel. Bit 7: it may be nothing. */
static u32 groups_of(const u8 *sounds, u32 length, u32 at, int abjad) {
    u32 sound = sounds[at], before = at ? sounds[at - 1] : 0, after = at + 1 < length ? sounds[at + 1] : 0;
    int is_uv = sound == SOUND('u') || sound == SOUND('v');
    if (abjad && is_uv) return 1 << P | 1 << NOTHING;
    if (!abjad && ((sound == SOUND('u') && is_vowel(after)) ||
                   (is_uv && (before == SOUND('a') || before == SOUND('e')))))
        return 1 << P | 1 << NOTHING;
    switch (sound) {
    case SOUND('p'): case SOUND('b'): case SOUND('f'): case SOUND('v'): return 1 << P;
    case SOUND('t'): case SOUND('d'): return 1 << T;
    case SOUND('k'):
        return 1 << K | (after == SOUND('t') || after == SOUND('s') ? 1 << NOTHING : 0);
    case SOUND('g'): return 1 << K;
    case SOUND('m'): case SOUND('n'): case NG: return 1 << M;
    case SOUND('l'): case SOUND('r'): return 1 << L;
    case SOUND('s'): return 1 << S;
    case SOUND('x'): case SOUND('c'): return 1 << S | 1 << K;
    case SOUND('j'): return 1 << S | 1 << K | 1 << NOTHING;
    case SOUND('h'): return 1 << K | 1 << NOTHING;
    default: return 0;
    }
}

/* A key is a number: 0 is the empty one, and key * 6 + group + 1 goes on with a group; so its beginning is (key - 1) / 6. */
static inline u32 first_of_depth(u32 depth) {
    u32 first = 0;
    while (depth--) first = first * 6 + 1;
    return first;
}

static u8 key_stamps[DEEPER_KEYS], key_stamp;
static Row longest_keys, longer_keys;

/* Let no key be one that was met. */
static void forget_keys(void) {
    if (!++key_stamp) fill(key_stamps, 0, sizeof key_stamps), key_stamp = 1;
}

/* Whether a key is met for the first time. */
static inline int is_new_key(u32 key) {
    int is_new = key_stamps[key] != key_stamp;
    key_stamps[key] = key_stamp;
    return is_new;
}

/* Have in `longest_keys` the longest keys of sounds, of so many groups at most, each once. */
static void find_longest_keys(const u8 *sounds, u32 length, int abjad, u32 depth) {
    u32 full = first_of_depth(depth);
    longest_keys.count = 0, push(&longest_keys, 0);
    for (u32 at = 0, open = 1; at < length && open; at++) {
        u32 groups = groups_of(sounds, length, at, abjad);
        if (!groups) continue;
        forget_keys(), longer_keys.count = open = 0;
        for (u32 n = 0; n < longest_keys.count; n++) {
            u32 key = (u32)numbers_of(&longest_keys)[n], may = key >= full ? 1 << NOTHING : groups;
            for (u32 group = 0; group <= NOTHING; group++) {
                u32 longer = group == NOTHING ? key : key * 6 + group + 1;
                if (may >> group & 1 && is_new_key(longer)) push(&longer_keys, (i32)longer), open |= longer < full;
            }
        }
        Row swapped = longest_keys;
        longest_keys = longer_keys, longer_keys = swapped;
    }
}

#endif
