/* Whether the letters of a word are those with which its language writes a name: never less than rules/evaluate/name_spelling.py
 * says, of scripts without short vowels.
 */
#ifndef LETTERS_H
#define LETTERS_H

#include "near.h"

#define LONGEST_PIECE 3u /* rules/languages/name_letters.py */
#define LONGEST_WRITTEN 24u
#define UNTOLD (-10000)
enum { NAME_BEGINS = 27, NAME_ENDS }; /* a to z are 1 to 26 */
enum { BEGINS_WORD = 1, ENDS_WORD };  /* of a letter, behind its code */

/* In tenths of nats: as rules/languages/name_letters.py has them. */
enum { NEVER_SAID = -128, OTHERWISE = -50, TOO_MANY = -55, TOO_FEW = -50, NO_MARK = -10 };

/* What a language's letters say of names: how much at least, and how much more of what is only said, or without what is written onto
 * it; the script. Numbers of letters, and of pieces of names with the first letter lowest; for each piece what it says that none
 * writes it, and that each letter does; the piece 0 is none of the name.
 */
typedef struct {
    Set letters, pieces;
    Row weights;
    i32 least, only_said, bare;
    u32 script, count;
} NameLetters;

static Row names_written; /* the ways to write each name, each behind its length, up to a length of 0 */

/* Take in what letters say of names: least, only said, bare, script, how many letters, how many pieces; these; then what each says of
 * a piece: the numbers of both, that of no letter 0, and how much.
 */
static void learn_letters(NameLetters *of, const i32 *in, u32 count) {
    u32 letters = count < 6 ? 0 : (u32)in[4], pieces = count < 6 ? 0 : (u32)in[5], begin = 6 + letters + pieces;
    if (!letters || !pieces || letters > 255 || pieces > 4096 || begin > count || (count - begin) % 3) __builtin_trap();
    of->least = in[0], of->only_said = in[1], of->bare = in[2], of->script = (u32)in[3], of->count = letters;
    for (u32 n = 0; n < letters; n++) set_value(&of->letters, (u32)in[6 + n], n + 1);
    for (u32 n = 0; n < pieces; n++) set_value(&of->pieces, (u32)in[6 + letters + n] + 1, n + 1);
    for (u32 n = 0; n < pieces * (letters + 1); n++) push_byte(&of->weights, NEVER_SAID & 255);
    for (u32 at = begin; at < count; at += 3) {
        if ((u32)in[at] >= pieces || (u32)in[at + 1] > letters) __builtin_trap();
        bytes_of(&of->weights)[(u32)in[at] * (letters + 1) + (u32)in[at + 1]] = (u8)in[at + 2];
    }
}

/* The weights of a piece; none if nobody has met it. */
static const signed char *weights_of(const NameLetters *of, u32 piece) {
    u32 number = value_of(&of->pieces, piece + 1);
    return number ? (const signed char *)bytes_of(&of->weights) + (number - 1) * (of->count + 1) : 0;
}

static inline void be_at_least(i32 *one, i32 other) {
    if (other > *one) *one = other;
}

/* What it says that the next letter, or none, writes a piece of the name: for those who have come so far. */
static void go_on(const i32 *row, i32 *onto, const u8 *letters, u32 count, const signed char *known, i32 otherwise, i32 unwritten) {
    i32 silent = known && known[0] != NEVER_SAID ? known[0] : unwritten;
    for (u32 at = 0; at <= count; at++) {
        be_at_least(&onto[at], row[at] + silent);
        if (at == count) return;
        i32 weight = known && letters[at] ? known[letters[at]] : NEVER_SAID;
        be_at_least(&onto[at + 1], row[at] + (weight == NEVER_SAID ? otherwise : weight));
    }
}

/* How much rather letters, by their numbers, write a name than that they happen to sound so. */
static i32 told_by_letters(const NameLetters *of, const u8 *name, u32 length, const u8 *letters, u32 count) {
    i32 reached[LONGEST_WRITTEN + LONGEST_PIECE + 1][LONGEST_WRITTEN + 1];
    const signed char *none = weights_of(of, 0);
    for (u32 at = 0; at <= length; at++)
        for (u32 place = 0; place <= count; place++) reached[at][place] = at || place ? UNTOLD : 0;
    for (u32 at = 0; at <= length; at++) {
        i32 *row = reached[at];
        for (u32 place = 0; place < count; place++) {
            i32 weight = none && letters[place] ? none[letters[place]] : NEVER_SAID;
            be_at_least(&row[place + 1], row[place] + (weight == NEVER_SAID ? TOO_MANY : weight));
        }
        for (u32 size = 1, piece = 0; size <= LONGEST_PIECE && at + size <= length; size++) {
            piece |= (u32)name[at + size - 1] << 5 * (size - 1);
            const signed char *known = weights_of(of, piece);
            int is_mark = size > 1 || name[at] >= NAME_BEGINS;
            if (known || size == 1)
                go_on(row, reached[at + size], letters, count, known, is_mark ? UNTOLD : OTHERWISE, size > 1 ? UNTOLD : is_mark ? NO_MARK : TOO_FEW);
        }
    }
    return reached[length][count];
}

/* The numbers of letters, 0 if nobody has met them. */
static void number_letters(const NameLetters *of, const u32 *letters, u32 count, u8 *numbers) {
    for (u32 at = 0; at < count; at++) {
        u32 place = count == 1 ? 0 : !at ? BEGINS_WORD : at + 1 == count ? ENDS_WORD : 0;
        numbers[at] = (u8)value_of(&of->letters, letters[at] << 2 | place);
    }
}

/* Whether letters may write one of the ways to write a name. */
static int may_write(const NameLetters *of, const u8 *ways, const u32 *letters, u32 count, i32 least) {
    u8 own[LONGEST_WRITTEN];
    number_letters(of, letters, count, own);
    for (const u8 *way = ways; *way; way += 1 + *way)
        if (told_by_letters(of, way + 1, *way, own, count) >= least + (way == ways ? 0 : of->only_said)) return 1;
    return 0;
}

#endif
