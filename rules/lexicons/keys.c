/* The keys of the forms of a lexicon, as `rules/lexicons/concepts.py` says: of many forms at once. */
#include "blake.h"

enum { MOST_WORDS = 4, MOST_SIGNS = 12, MOST_INFLECTED = 4, LONGEST_CUT = 11, MOST_LEFT = 7, LONGEST_WORD = 63, MOST_BEHIND = 6, SLOTS = 1 << 15 };

/* A form has so many words at most, or signs where words have no spaces between them: MOST_WORDS, MOST_SIGNS. */
static const u8 cuts[LONGEST_CUT + 1] = {0, 1, 2, 3, 4, 4, 4, 5, 5, 6, 6, 7}; /* as in common/stems.py */
static const u64 times = 0x9E3779B97F4A7C15ull, of_a_sign = 0xD6E8FEB86659FD93ull, of_language = 0xFFull << 56;

/* What was hashed before: forms share words, and a hash takes as long as all else that is done with one. */
static struct { u64 hash; u32 count, letters[MOST_LEFT]; } slots[SLOTS];

static u64 hash_of(const u32 *letters, u32 count) {
    u32 mixed = count;
    for (u32 n = 0; n < count; n++) mixed = (mixed ^ letters[n]) * 0x9E3779B1u;
    u32 slot = mixed >> 17, same = slots[slot].count == count && count;
    for (u32 n = 0; same && n < count; n++) same = slots[slot].letters[n] == letters[n];
    if (!same) {
        slots[slot].hash = blake_of(letters, count);
        slots[slot].count = count;
        for (u32 n = 0; n < count; n++) slots[slot].letters[n] = letters[n];
    }
    return slots[slot].hash;
}

static u64 going_on(u64 key, u64 piece) { return (key & of_language) | ((key * times + piece) & ~of_language); }

static u32 cut_of(u32 length) { return cuts[length < LONGEST_CUT ? length : LONGEST_CUT]; }

struct form { u64 language; u32 end, what, is_spaceless, is_acronym, is_whole; };

/* What is told: keys of forms with what they say, and keys of what longer forms begin with, with their words. */
static u64 *keys, *says, *begun;
static u32 said_count, begun_count;
static u8 *longest;

static void begins(u64 key, u32 pieces) { longest[begun_count] = (u8)pieces, begun[begun_count++] = key; }

static void says_of(u64 key, u64 what) { says[said_count] = what, keys[said_count++] = key; }

/* The letters behind the stem, as `letters_behind` of common/stems.py has them. */
static u64 behind(const u32 *letters, u32 from, u32 length) {
    u64 said = 1ull << 31;
    for (u32 n = 0; n < MOST_BEHIND && from + n < length; n++) said |= (u64)(letters[from + n] & 31) << 5 * n;
    return said;
}

static void add_signs(const u32 *letters, u32 length, const struct form *form) {
    u64 key = form->language;
    if (length > MOST_SIGNS) return;
    for (u32 n = 0; n < length; n++) {
        key = going_on(key, letters[n] * of_a_sign);
        if (n + 1 < length) begins(key, length);
    }
    says_of(key, form->what);
}

static void add_words(const u32 *letters, const u8 *in_words, u32 length, const struct form *form) {
    u32 starts[MOST_WORDS], lengths[MOST_WORDS], words = 0;
    for (u32 at = 0; at < length;) {
        u32 start = at;
        while (at < length && in_words[at]) at++;
        if (at == start) { at++; continue; }
        if (words == MOST_WORDS) return;
        starts[words] = start, lengths[words++] = at - start;
    }
    if (!words) return;
    u64 key = form->language;
    for (u32 n = 0; n + 1 < words; n++) {
        key = going_on(key, hash_of(letters + starts[n], cut_of(lengths[n])));
        begins(key, words);
    }
    const u32 *last = letters + starts[words - 1], long_as = lengths[words - 1];
    u64 what = form->what | (long_as < LONGEST_WORD ? long_as : LONGEST_WORD);
    u32 before = ~0u;
    for (u32 more = 0; more <= (form->is_acronym ? 0 : MOST_INFLECTED); more++) {
        u32 cut = cut_of(long_as + more);
        if (cut == before || cut > long_as) continue;
        u64 whole = form->is_whole ? behind(last, cut, long_as) << 32 : 0;
        says_of(going_on(key, hash_of(last, before = cut)), what | whole);
    }
}

/* Tell of so many forms; return how many keys say something, and how many more are begun with, in the upper half.
 *
 * letters: of all forms, folded, one after the other; in_words: which of them are letters of words; there is room for 5
 * keys that say something, and 11 that are begun with, of each form. */
EXPORT u64 keys_of(u32 letters_at, u32 in_words_at, u32 forms_at, u32 count, u32 keys_at, u32 says_at, u32 begun_at,
                   u32 longest_at) {
    const u32 *letters = (const u32 *)letters_at;
    const u8 *in_words = (const u8 *)in_words_at;
    const struct form *form = (const struct form *)forms_at;
    keys = (u64 *)keys_at, says = (u64 *)says_at, begun = (u64 *)begun_at, longest = (u8 *)longest_at;
    said_count = begun_count = 0;
    for (u32 start = 0; count--; start = form++->end) {
        u32 length = form->end - start;
        if (length < 2) continue;
        if (form->is_spaceless) add_signs(letters + start, length, form);
        else add_words(letters + start, in_words + start, length, form);
    }
    return (u64)begun_count << 32 | said_count;
}
