/* Texts cut into words, each looked up among those that were met: all texts of a turn in one call.
 *
 * A word is known by a hash of its letters and its language; where it was met first, Python is told where it stands, and
 * says what is known of it (words.py). Two words with one hash of 64 bits would be taken for one: that harms nothing.
 */
#include "kernel.h"

#define BITS 18
#define SLOTS (1u << BITS)
#define FULL (SLOTS / 8 * 7)
#define LETTER 1
#define BREAK 2 /* ends a sentence: a token of its own */
#define BREAK_ROW 0
#define MIXED 0x9E3779B97F4A7C15ull

struct missing { u32 part, start, end; };

static const u8 *kinds; /* of each letter */
static u32 letters;
static u64 *hashes; /* of the words that were met, and in which row each is; 0 where none is */
static u32 *rows, count;

EXPORT void know(u32 kinds_at, u32 letter_count) {
    kinds = (const u8 *)kinds_at;
    letters = letter_count;
    hashes = (u64 *)take(SLOTS * sizeof(u64));
    rows = (u32 *)take(SLOTS * sizeof(u32));
}

EXPORT void forget(void) {
    fill(hashes, 0, SLOTS * sizeof(u64));
    count = 0;
}

static u8 kind_of(u32 letter) { return letter < letters ? kinds[letter] : 0; }

/* The row of a word; one that is new gets the next row. */
static u32 row_of(u64 hash, u32 next) {
    u32 slot = (u32)(hash >> (64 - BITS));
    while (hashes[slot] && hashes[slot] != hash) slot = (slot + 1) & (SLOTS - 1);
    if (hashes[slot]) return rows[slot];
    if (++count > FULL) __builtin_trap();
    hashes[slot] = hash;
    return rows[slot] = next;
}

/* Cut texts into words.
 *
 * text: all parts behind each other, as code points; ends: where each part ends; languages: of each, a number.
 * next: the row that the first new word gets.
 * Writes the row of each word, and in the place of where a part ends how many words there are until then. Returns how
 * many words are new; they stand where `missing` says. */
EXPORT u32 read(u32 text_at, u32 part_ends, u32 languages_at, u32 parts, u32 next, u32 rows_at, u32 missing_at) {
    const u32 *text = (const u32 *)text_at, *languages = (const u32 *)languages_at;
    u32 *ends = (u32 *)part_ends, *out = (u32 *)rows_at, at = 0;
    struct missing *missing = (struct missing *)missing_at;
    u32 missing_count = 0;
    for (u32 part = 0; part < parts; part++) {
        u32 end = ends[part];
        while (at < end) {
            u8 kind = kind_of(text[at]);
            if (kind != LETTER) {
                if (kind == BREAK) *out++ = BREAK_ROW;
                at++;
                continue;
            }
            u32 start = at;
            u64 hash = (languages[part] + 1) * MIXED;
            for (; at < end && kind_of(text[at]) == LETTER; at++) {
                hash = (hash ^ text[at]) * MIXED;
                hash ^= hash >> 32;
            }
            u32 row = row_of(hash | 1, next);
            if (row == next) {
                missing[missing_count++] = (struct missing){part, start, at};
                next++;
            }
            *out++ = row;
        }
        ends[part] = (u32)(out - (u32 *)rows_at);
    }
    return missing_count;
}
