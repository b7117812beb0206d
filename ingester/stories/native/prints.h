/* The prints of articles, as `../prints.py` packs them: whether one text is another's, whole or for the most part. */
#ifndef PRINTS_H
#define PRINTS_H
#include "kernel.h"

#define PRINT_HEAD 28 /* bytes */
#define ENOUGH_PIECES 8
#define COPIED 0.7
#define ENOUGH_OF_A_COPY 10

/* Where in a print what stands: hashes of its language and source, its day, and how much there is of what follows. */
static u32 language_of(const u8 *print) {
    u32 language;
    copy(&language, print, 4);
    return language;
}
static u32 scale_of(const u8 *print) { return print[12]; }
static u32 titled(const u8 *print) { return print[13]; }
static u32 body_size(const u8 *print) { return print[14]; }
static u32 piece_count(const u8 *print) { return print[15]; }
static u32 length_of(const u8 *print) { return print[16] | print[17] << 8; }
static u32 cited_count(const u8 *print) { return print[18] | print[19] << 8; }

static u32 print_size(const u8 *print) {
    return PRINT_HEAD + 4 * (titled(print) + body_size(print) + piece_count(print)) + 8 * cited_count(print);
}

static const u8 *body_of(const u8 *print) { return print + PRINT_HEAD + 4 * titled(print); }

static u32 word_at_byte(const u8 *row, u32 n) {
    u32 word;
    copy(&word, row + 4 * n, 4);
    return word;
}

/* How many of the pieces, which are in order, are kept of a text of that scale. */
static u32 kept_pieces(const u8 *pieces, u32 count, u32 scale) {
    while (count && word_at_byte(pieces, count - 1) > 0xFFFFFFFFull >> scale) count--;
    return count;
}

static u32 is_copy(const u8 *one, const u8 *other) {
    u32 mine = body_size(one), theirs = body_size(other), same = 0;
    if (language_of(one) != language_of(other) || !mine || !theirs) return 0;
    const u8 *body = body_of(one), *other_body = body_of(other);
    const u8 *pieces = body + 4 * mine, *other_pieces = other_body + 4 * theirs;
    u32 scale = scale_of(one) > scale_of(other) ? scale_of(one) : scale_of(other);
    u32 count = kept_pieces(pieces, piece_count(one), scale);
    u32 other_count = kept_pieces(other_pieces, piece_count(other), scale);
    u32 fewer = count < other_count ? count : other_count;
    if (fewer >= ENOUGH_PIECES) {
        for (u32 at = 0, n = 0; at < count && n < other_count;) {
            u32 piece = word_at_byte(pieces, at), theirs = word_at_byte(other_pieces, n);
            same += piece == theirs;
            at += piece <= theirs, n += theirs <= piece;
        }
        return same >= COPIED * fewer;
    }
    u32 shorter = mine < theirs ? mine : theirs;
    if (shorter < ENOUGH_OF_A_COPY && mine != theirs) return 0;
    for (u32 n = 0; n < shorter; n++)
        if (word_at_byte(body, n) != word_at_byte(other_body, n)) return 0;
    return 1;
}

#endif
