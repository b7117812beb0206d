/* Texts cut into words, each looked up among those that were met: all texts of a turn in one call.
 *
 * A word is known by a hash of its letters and its language; where it was met first, Python is told where it stands, and
 * says what is known of it (words.py). Two words with one hash of 64 bits would be taken for one: that harms nothing.
 */
#include "blake.h"
#include "checksums.h"

#define BITS 18
#define SLOTS (1u << BITS)
#define FULL (SLOTS / 8 * 7)
#define LETTER 1
#define BREAK 2 /* ends a sentence: a token of its own */
#define UPPER 4
#define LOWER 8
#define DIGIT 16
#define MARK 32 /* may stand between the thousands of a number */
#define ZERO 64
#define NUMBER 1 /* the last bits of a sign of one */
#define BREAK_ROW 0
#define MIXED 0x9E3779B97F4A7C15ull

struct missing { u32 part, start, end, is_upper, has_capital, has_marks; };

static const u8 *kinds; /* of each letter */
static u32 letters;
static const u8 *cuts; /* of a word of so many letters, how many its stem has */
static u32 longest_cut;
static u64 *hashes; /* of the words that were met, and in which row each is; 0 where none is */
static u32 *rows, count;

EXPORT void know(u32 kinds_at, u32 letter_count, u32 cuts_at, u32 cut_count) {
    begin_checksums();
    kinds = (const u8 *)kinds_at;
    letters = letter_count;
    cuts = (const u8 *)cuts_at;
    longest_cut = cut_count - 1;
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

/* A word that nobody has met: all in capitals if it has some and no small letter, as Python has it. */
static struct missing missed(const u32 *text, u32 part, u32 start, u32 end) {
    u8 every = 0;
    for (u32 at = start; at < end; at++) every |= kind_of(text[at]);
    return (struct missing){part, start, end, (every & (UPPER | LOWER)) == UPPER, (kind_of(text[start]) & UPPER) > 0,
                            (every & MARK) > 0};
}

static u32 after(const u32 *text, u32 at, u32 end, u8 kind) {
    while (at < end && kind_of(text[at]) & kind) at++;
    return at;
}

/* Where a number ends whose thousands have marks between them, 1,200 or 1.200 or 1'200 or in India 1,20,000, with the
 * letters that follow it; `at` if it has none.
 *
 * start, at: from where to where its first digits stand; has_spaces: whether a space is such a mark in its language. */
static u32 end_of_marked(const u32 *text, u32 start, u32 at, u32 end, u32 has_spaces) {
    u32 first = at - start, mark = at < end ? text[at] : 0, whole = at, last = at;
    if (first > 3 || !(kind_of(mark) & MARK) || (mark == ' ' && !has_spaces) || kind_of(text[start]) & ZERO) return at;
    while (last < end && text[last] == mark) {
        u32 next = after(text, last + 1, end, DIGIT), digits = next - last - 1;
        if (!digits) break; /* it ends a sentence, or a part of it */
        if (digits != 3 && (digits != 2 || mark != ',' || first > 2 || whole > at)) return at;
        last = next;
        if (digits == 3) whole = last;
    }
    return whole > at ? after(text, whole, end, LETTER) : at;
}

/* Cut texts into words.
 *
 * text: all parts behind each other, as code points; ends: where each part ends; languages: of each, twice a number, and
 * one more where a space may stand between thousands.
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
            if (!(kind & LETTER)) {
                if (kind & BREAK) *out++ = BREAK_ROW;
                at++;
                continue;
            }
            u32 start = at;
            u64 hash = (languages[part] + 1) * MIXED;
            at = after(text, start, end, DIGIT);
            if (at > start && (at == end || !(kind_of(text[at]) & LETTER)))
                at = end_of_marked(text, start, at, end, languages[part] & 1);
            else at = after(text, at, end, LETTER);
            for (u32 n = start; n < at; n++) {
                hash = (hash ^ text[n]) * MIXED;
                hash ^= hash >> 32;
            }
            u32 row = row_of(hash | 1, next);
            if (row == next) {
                missing[missing_count++] = missed(text, part, start, at);
                next++;
            }
            *out++ = row;
        }
        ends[part] = (u32)(out - (u32 *)rows_at);
    }
    return missing_count;
}

static u32 with_letters(u32 crc, const u32 *letters, u32 count) {
    for (u32 n = 0; n < count; n++) crc = with_letter(crc, letters[n]);
    return crc;
}

struct looked { u64 hash; u32 sign, token, length, is_number; };

static u32 are_thousands(const u32 *digits, u32 count) {
    return count > 4 && digits[count - 1] == '0' && digits[count - 2] == '0' && digits[count - 3] == '0';
}

/* The sign of a number, without zeros before it, and thousands as they are said, 82 of 82,000; 0 of one digit. */
static u32 sign_of_number(const u32 *digits, u32 count) {
    while (count && *digits == '0') digits++, count--;
    while (are_thousands(digits, count)) count -= 3;
    return count < 2 ? 0 : (ended(with_letters(begun_with('n'), digits, count)) & ~3u) | NUMBER;
}

/* Say of folded words what is made of their letters: what their stems add to keys, their signs, odd if they have no
 * more letters than a common word, and the sum that is a token but for its kind.
 *
 * letters: of all words; ends: where each ends. */
EXPORT void look_up(u32 letters_at, u32 ends_at, u32 count, u32 common, u32 looked_at) {
    const u32 *word = (const u32 *)letters_at, *ends = (const u32 *)ends_at;
    struct looked *looked = (struct looked *)looked_at;
    for (u32 n = 0, start = 0; n < count; word += ends[n] - start, start = ends[n], n++, looked++) {
        u32 length = ends[n] - start, stem = cuts[length < longest_cut ? length : longest_cut];
        u8 every = DIGIT;
        for (u32 at = 0; at < length; at++) every &= kind_of(word[at]);
        looked->length = length;
        looked->is_number = length && every;
        looked->hash = blake_of(word, stem);
        looked->token = ended(with_letters(BEGUN, word, length)) & ~3u;
        if (looked->is_number) looked->sign = sign_of_number(word, length);
        else looked->sign = (ended(with_letters(begun_with('w'), word, stem)) & ~1u) | (length <= common);
    }
}
