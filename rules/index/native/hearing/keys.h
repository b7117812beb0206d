/* Phonetic keys of words of rules, and of two words as one: what rules/languages/phonetic_keys.py says, by their sounds.
 *
 * A key is a number, as in sounds.h; of two words that of the first one may have a group more for a while, as its last sound may go.
 */
#ifndef KEYS_H
#define KEYS_H

#include "sounds.h"

#define SHORTEST_THINNED 259u /* keys from here on have four groups */
#define MOST_WRITTEN (2 * MOST_SOUNDS)

/* What a word of a rule says: its sounds, how many, how many are its stem, 0 if it has none; whether its script has one letter
 * for u and v.
 */
typedef struct {
    const u8 *sounds;
    u32 length, stem, abjad;
} Saying;

static Row some_keys, head_keys, tail_keys;

/* Write down a key if it is not there from a place on. */
static void add_key(Row *row, u32 from, i32 key) {
    while (from < row->count && numbers_of(row)[from] != key) from++;
    if (from == row->count) push(row, key);
}

/* Add the keys of sounds, of so many groups at most. */
static void add_keys(Row *row, const u8 *sounds, u32 length, int abjad, u32 depth) {
    find_longest_keys(sounds, length, abjad, depth);
    for (u32 n = 0; n < longest_keys.count; n++) add_key(row, 0, numbers_of(&longest_keys)[n]);
}

/* Write sounds so that there is no N: ng, or n. */
static u32 spell_out(const u8 *sounds, u32 length, int is_both, u8 *to) {
    u32 count = 0;
    for (u32 at = 0; at < length; at++) {
        to[count++] = sounds[at] == NG ? SOUND('n') : sounds[at];
        if (sounds[at] == NG && is_both) to[count++] = SOUND('g');
    }
    return count;
}

static void full_keys(Row *row, const u8 *sounds, u32 length, int abjad, u32 depth) {
    u8 others[MOST_WRITTEN];
    row->count = 0;
    add_keys(row, sounds, length, abjad, depth);
    u32 count = spell_out(sounds, length, 1, others);
    if (count > length) add_keys(row, others, count, 0, depth);
}

static int is_stop(u32 sound) {
    return sound == SOUND('b') || sound == SOUND('d') || sound == SOUND('g') || sound == SOUND('p') || sound == SOUND('t') ||
           sound == SOUND('k');
}

/* Leave out each r that stands before no vowel, or each nasal before a stop. */
static u32 left_out(u8 *sounds, u32 length, int is_r) {
    u32 count = 0;
    for (u32 at = 0; at < length; at++) {
        u32 sound = sounds[at], after = at + 1 < length ? sounds[at + 1] : 0;
        int goes = is_r ? sound == SOUND('r') && !is_vowel(after) : (sound == SOUND('n') || sound == SOUND('m')) && is_stop(after);
        if (!goes) sounds[count++] = (u8)sound;
    }
    return count;
}

/* The keys of a word as scripts write it that leave out consonants: an r or a nasal before another one, or the last sound. */
static void thinned_keys(Row *row, const u8 *sounds, u32 length, u32 depth) {
    u8 others[MOST_WRITTEN];
    row->count = 0;
    for (u32 way = 0; way < 8; way++) {
        u32 count = length;
        copy(others, sounds, length);
        if (way & 4) {
            count = spell_out(sounds, length, 1, others);
            if (count == length) break;
        }
        u32 before = count;
        if (way & 1) count = left_out(others, count, 1);
        if (way & 1 && count == before) continue;
        before = count;
        if (way & 2) count = left_out(others, count, 0);
        if (way & 2 && count == before) continue;
        add_keys(row, others, count, 0, depth);
    }
    for (u32 n = row->count; n--;)
        if ((u32)numbers_of(row)[n] >= SHORTEST_THINNED) add_key(row, 0, (numbers_of(row)[n] - 1) / 6);
}

static inline u32 part_in(const Saying *word) { return word->stem ? word->stem : word->length; }

/* Write down keys behind their count: twice each, and 1 if it has a mark. */
static void write_keys(Row *row, const Row *keys, u32 is_marked) {
    for (u32 n = 0; n < keys->count; n++)
        if (numbers_of(keys)[n]) push(row, numbers_of(keys)[n] * 2 + (i32)is_marked);
}

/* Whether a key that is written down goes on with another one that is: who has it has that one, too. */
static int goes_on_with_another(const i32 *keys, i32 count, i32 key) {
    for (u32 shorter = ((u32)key / 2 - 1) / 6; shorter; shorter = (shorter - 1) / 6)
        for (i32 n = 0; n < count; n++)
            if (keys[n] == (i32)shorter * 2 + (key & 1)) return 1;
    return 0;
}

/* Leave out the keys behind a count that begin with another one, and write down how many are left. */
static void leave_out_longer(Row *row, u32 at) {
    i32 *own = numbers_of(row) + at + 1, count = (i32)(row->count - at - 1);
    some_keys.count = 0;
    for (i32 n = 0; n < count; n++)
        if (!goes_on_with_another(own, count, own[n])) push(&some_keys, own[n]);
    copy(own, numbers_of(&some_keys), some_keys.count * 4);
    own[-1] = (i32)some_keys.count, row->count = at + 1 + some_keys.count;
}

/* Write down the keys of a word behind how many these are. */
static void write_keys_of(Row *row, const Saying *word) {
    u32 at = row->count;
    push(row, 0);
    full_keys(&head_keys, word->sounds, part_in(word), (int)word->abjad, DEPTH);
    write_keys(row, &head_keys, 0);
    thinned_keys(&head_keys, word->sounds, part_in(word), DEPTH);
    write_keys(row, &head_keys, 1);
    leave_out_longer(row, at);
}

/* A key that goes on with another one's groups. */
static u32 both_keys(u32 key, u32 other) {
    u32 groups[DEEPER], count = 0;
    while (key >= KEYS) key = (key - 1) / 6;
    for (; other; other = (other - 1) / 6) groups[count++] = (other - 1) % 6;
    while (count && key < first_of_depth(DEPTH)) key = key * 6 + groups[--count] + 1;
    return key;
}

static void write_pairs(Row *row, u32 at, u32 is_marked) {
    for (u32 n = 0; n < head_keys.count; n++)
        for (u32 each = 0; each < tail_keys.count; each++) {
            i32 key = (i32)both_keys((u32)numbers_of(&head_keys)[n], (u32)numbers_of(&tail_keys)[each]) * 2 + (i32)is_marked;
            if (key > 1) add_key(row, at + 1, key);
        }
}

/* Write down the keys of two words as one behind how many these are. */
static void write_keys_of_both(Row *row, const Saying *head, const Saying *tail) {
    u32 at = row->count;
    push(row, 0);
    for (u32 stem = 0; stem <= (head->stem > 0); stem++) {
        u32 length = stem ? head->stem : head->length;
        full_keys(&head_keys, head->sounds, length, (int)head->abjad, DEEPER);
        full_keys(&tail_keys, tail->sounds, part_in(tail), (int)tail->abjad, DEPTH);
        write_pairs(row, at, 0);
        thinned_keys(&head_keys, head->sounds, length, DEEPER);
        thinned_keys(&tail_keys, tail->sounds, part_in(tail), DEPTH);
        write_pairs(row, at, 1);
    }
    leave_out_longer(row, at);
}

#endif
