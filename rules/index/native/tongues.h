/* Languages of texts, and the words of rules that count in them.
 *
 * The letters that all forms of a word share in a language are filed in one tree of all languages. Who walks down it with
 * the letters of a text meets the words that may stand there, and looks closely at those that count in its language.
 */
#ifndef TONGUES_H
#define TONGUES_H

#include "scan.h"

#define LONGEST_ENDING 16u
#define MOST_LINKS 16u
#define BEGUN 5u /* so many letters of all stems are known at a glance */
#define FIRST_SHIFT 16u /* the first glance has as many bits as sums of 32 bits without so many, the next one four times that */
#define BITS_OF_A_WORD 16u /* so many has it at least for each word, so that few of them are set */
#define OF_PARTS 1u /* the root of the tree of letters that stand anywhere in words */
#define OF_WORDS_ALONE 2u /* no root: under it the words are known at a glance that are all of a text */

enum { FORM, RUN, WHOLE, PART, BEGINNING }; /* how a word is looked for: rules/index/anchors.py */
enum { ALONE = 1, BESIDE = 2, ENDS_NOTHING = 4 };

/* A word of rules: its letters, the texts that are filed under it (terms.h), without how many last letters it is in the tree (a
 * bit each), how it is looked for, how many letters its stem has at least, how it stands in terms, whether it counts in all
 * languages.
 */
typedef struct {
    u32 letters, length, filed, in_tree;
    u8 kind, shortest, flags, is_common;
} Anchor;

/* A language: which words count, and which slots texts answer; its endings, and of which paradigms each is; what is written
 * onto words; which words compounds often end with. A bit of each beginning of a stem, so that most letters are passed by
 * at a glance. And what words of texts were found to be (forms.h), by the sums of their letters.
 */
typedef struct {
    Row counted, answers, starts, paradigms, glance, finds;
    Set endings, prefixes, tails, seen;
    u32 longest, joins, is_toned, has_parts, has_common, lesson, shift, filed, time; /* of the bits; how many words count; how often all was forgotten */
    u32 lengths[256]; /* of the endings with a last letter, by its last byte, a bit each */
} Tongue;

static Row anchors, anchor_letters, common, tongues;
static Set tree; /* all beginnings of letters under which words are filed, with the list of the words of each */
static u32 lesson = 1; /* another one when words stand otherwise in terms */
static u32 link_letters[MOST_LINKS][8], link_lengths[MOST_LINKS], links_known;

static inline Anchor *anchor_at(u32 number) { return (Anchor *)anchors.at + number; }
static inline const u32 *letters_at(const Anchor *anchor) { return (u32 *)anchor_letters.at + anchor->letters; }

static Tongue *tongue_of(u32 number) {
    if (number >= tongues.count) __builtin_trap();
    return (Tongue *)tongues.at + number;
}

static inline int counted(const Tongue *tongue, u32 number) {
    return number < tongue->counted.count && bytes_of(&tongue->counted)[number];
}

/* A beginning is a sum, so that where the tree goes on with many letters can be read at once: a longer one does not wait for a
 * shorter one. Those under the first root are the sums of their letters.
 */
static inline u64 beginning_of(u32 root) { return sum_of_letters(0, 0) ^ (u64)root << 32; }
static inline u64 with_letter(u64 beginning, u32 letter) { return (beginning ^ letter) * 0x100000001b3ull; }
static inline u64 without_letter(u64 beginning, u32 letter) { return (beginning * 0xce965057aff6957bull) ^ letter; } /* the last one */

/* Return how the tree goes on with a beginning, and 0 where it ends. */
static inline const Member *branch_of(u64 beginning) {
    const Member *branch = tree.size ? member_of(&tree, beginning) : 0;
    return branch && branch->low | branch->high ? branch : 0;
}

/* Take in a word, so many letters; returns its number. */
static u32 new_anchor(u32 kind, u32 shortest, const u32 *letters, u32 length) {
    widen(&anchors, (anchors.count + 1) * sizeof(Anchor));
    *anchor_at(anchors.count) =
        (Anchor){.letters = anchor_letters.count, .length = length, .kind = (u8)kind, .shortest = (u8)shortest};
    for (u32 at = 0; at < length; at++) push(&anchor_letters, (i32)letters[at]);
    return anchors.count++;
}

static inline u32 bits_in_glance(const Tongue *tongue) { return 1u << (32 - tongue->shift); }

static void clear_glance(Tongue *tongue) {
    widen(&tongue->glance, bits_in_glance(tongue) / 8);
    fill((void *)tongue->glance.at, 0, bits_in_glance(tongue) / 8);
}


/* Take in a language: whether it joins nouns (1), and marks make other words (2); how many endings, and of each which paradigms have it,
 * behind how many; how many prefixes, and these; and the tails of compounds. Letters stand behind their count. Returns its number.
 */
EXPORT u32 open_tongue(u32 count) {
    const i32 *in = numbers_of(&input);
    widen(&tongues, (tongues.count + 1) * sizeof(Tongue));
    Tongue *tongue = (Tongue *)tongues.at + tongues.count;
    *tongue = (Tongue){.joins = (u32)in[0] & 1, .is_toned = (u32)in[0] >> 1, .shift = FIRST_SHIFT};
    clear_glance(tongue);
    u32 at = 2;
    push(&tongue->starts, 0);
    for (i32 n = 1; n <= in[1]; n++) {
        const u32 *letters = (const u32 *)in + at + 1;
        u32 length = (u32)in[at], some = (u32)in[at += 1 + length];
        set_value(&tongue->endings, sum_of_letters(letters, length), (u32)n);
        if (length > tongue->longest) tongue->longest = length;
        if (length) tongue->lengths[letters[length - 1] & 255] |= 1u << length;
        for (at++; some; some--) push(&tongue->paradigms, in[at++]);
        push(&tongue->starts, (i32)tongue->paradigms.count);
    }
    for (u32 some = (u32)in[at++]; some; some--, at += 1 + (u32)in[at])
        set_value(&tongue->prefixes, sum_of_letters((const u32 *)in + at + 1, (u32)in[at]), 1);
    for (; at < count; at += 1 + (u32)in[at])
        set_value(&tongue->tails, sum_of_letters((const u32 *)in + at + 1, (u32)in[at]), 1);
    return tongues.count++;
}

/* Take in what may stand between two parts of a compound, each with its length. */
EXPORT void know_links(u32 count) {
    const i32 *in = numbers_of(&input);
    for (u32 at = 0; at < count; at += 1 + (u32)in[at], links_known++) {
        if (links_known >= MOST_LINKS || in[at] > 8) __builtin_trap();
        link_lengths[links_known] = (u32)in[at];
        for (i32 n = 0; n < in[at]; n++) link_letters[links_known][n] = (u32)in[at + 1 + (u32)n];
    }
}

static inline int begins_with_link(const u32 *letters, u32 length, u32 link) {
    return shared_letters(link_letters[link], link_lengths[link], letters, length) == link_lengths[link];
}

static inline u32 ending_of(const Tongue *tongue, const u32 *letters, u32 length) {
    return length > tongue->longest ? 0 : value_of(&tongue->endings, sum_of_letters(letters, length));
}

/* Whether two endings alternate in any paradigm: each place of the shorter list is looked for in the longer one. */
static int alternate(const Tongue *tongue, u32 one, u32 other) {
    const i32 *starts = numbers_of(&tongue->starts), *every = numbers_of(&tongue->paradigms);
    if (one == other) return 1;
    if (starts[one] - starts[one - 1] > starts[other] - starts[other - 1]) {
        u32 swapped = one;
        one = other, other = swapped;
    }
    for (i32 at = starts[one - 1]; at < starts[one]; at++) {
        i32 low = starts[other - 1], high = starts[other];
        while (low < high) {
            i32 middle = (low + high) / 2;
            if (every[middle] < every[at]) low = middle + 1;
            else high = middle;
        }
        if (low < starts[other] && every[low] == every[at]) return 1;
    }
    return 0;
}

/* Whether a word of a text is a word of a rule, but for an ending. */
static int is_form(const Tongue *tongue, const Anchor *anchor, const u32 *word, u32 length) {
    const u32 *own = letters_at(anchor);
    u32 size = anchor->length, shared = shared_letters(own, size, word, length), least = 1, longest = tongue->longest;
    if (size > longest + least) least = size - longest;
    if (length > longest + least) least = length - longest;
    if (shared == size && shared == length) return 1;
    u32 lengths = size ? tongue->lengths[own[size - 1] & 255] | 1 : 1;
    for (u32 at = shared; at >= least; at--) {
        if (!(lengths >> (size - at) & 1)) continue;
        u32 one = ending_of(tongue, own + at, size - at);
        if (!one) continue;
        u32 other = ending_of(tongue, word + at, length - at);
        if (other && alternate(tongue, one, other)) return 1;
    }
    return 0;
}

/* How many letters all forms of a word share, its own stems among them. */
static u32 stem_of(Tongue *tongue, const Anchor *anchor) {
    const u32 *end = letters_at(anchor) + anchor->length;
    u32 lengths = anchor->kind == FORM && anchor->length ? tongue->lengths[end[-1] & 255] : 0;
    for (u32 size; lengths; lengths ^= 1u << size) {
        size = 31 - (u32)__builtin_clz(lengths);
        if (size + anchor->shortest <= anchor->length && ending_of(tongue, end - size, size)) return anchor->length - size;
    }
    return anchor->length;
}

/* Beginnings of one to five letters have a bit each, and another one if a stem is no longer. */
static inline u32 longer(u32 sum, u32 letter) { return (sum ^ letter) * 0x9e3779b1u; }
static inline void set_bit(const Tongue *tongue, u32 sum) { bytes_of(&tongue->glance)[sum >> tongue->shift >> 3] |= (u8)(1 << (sum >> tongue->shift & 7)); }
static inline int has_bit(const Tongue *tongue, u32 sum) { return bytes_of(&tongue->glance)[sum >> tongue->shift >> 3] >> (sum >> tongue->shift & 7) & 1; }

/* Whether any word that is filed under a root may begin with letters. */
static inline int may_begin(const Tongue *tongue, u32 root, const u32 *letters, u32 count) {
    u32 sum = root;
    for (u32 at = 0; at < BEGUN && at < count; at++) {
        sum = longer(sum, letters[at]);
        if (!has_bit(tongue, sum)) return 0;
        if (at + 1 == BEGUN || has_bit(tongue, ~sum)) return 1;
    }
    return 0;
}

static u32 root_of(const Anchor *anchor) { return anchor->kind == PART ? OF_PARTS : 0; }

static void set_bits_of_stem(const Tongue *tongue, u32 root, const u32 *own, u32 stem) {
    u32 sum = root;
    for (u32 at = 0; at < BEGUN && at < stem; at++) {
        sum = longer(sum, own[at]);
        set_bit(tongue, sum);
        if (at + 1 == stem) set_bit(tongue, ~sum);
    }
}

/* Set the bits of a word. */
static void set_bits_of(const Tongue *tongue, u32 number, u32 stem) {
    const Anchor *anchor = anchor_at(number);
    const u32 *own = letters_at(anchor);
    set_bits_of_stem(tongue, root_of(anchor), own, stem);
    if (anchor->flags & ALONE) set_bits_of_stem(tongue, OF_WORDS_ALONE, own, stem);
}

/* Have more bits if so many words more are filed, and set them again for all words that count. */
static void widen_glance(Tongue *tongue, u32 more) {
    u32 shift = tongue->shift;
    while ((tongue->filed + more) * BITS_OF_A_WORD > bits_in_glance(tongue) && tongue->shift > 6) tongue->shift -= 2;
    if (tongue->shift == shift) return;
    clear_glance(tongue);
    for (u32 number = 0; number < tongue->counted.count; number++)
        if (counted(tongue, number)) set_bits_of(tongue, number, stem_of(tongue, anchor_at(number)));
}

static void file_word(u32 number, u32 stem) {
    Anchor *anchor = anchor_at(number);
    const u32 *own = letters_at(anchor);
    u32 bit = 1u << (anchor->length - stem);
    if (anchor->in_tree & bit) return; /* by another language */
    anchor->in_tree |= bit;
    u64 beginning = beginning_of(root_of(anchor));
    if (!stem) return;
    for (u32 at = 0; at < stem; at++) beginning = with_letter(beginning, own[at]);
    const Member *branch = branch_of(beginning);
    set_value(&tree, beginning, appended(branch ? branch->value : 0, (i32)number));
    for (u32 at = stem; !branch && --at;) { /* what is there has all shorter ones, most of them from other words */
        beginning = without_letter(beginning, own[at]);
        branch = branch_of(beginning);
        if (!branch) set_value(&tree, beginning, 0);
    }
}

/* Let a word count in a language. */
static void count_word(Tongue *tongue, u32 number) {
    while (tongue->counted.count <= number) push_byte(&tongue->counted, 0);
    if (bytes_of(&tongue->counted)[number]) return;
    bytes_of(&tongue->counted)[number] = 1;
    tongue->lesson = 0; /* what was found without it is forgotten */
    const Anchor *anchor = anchor_at(number);
    tongue->has_parts |= anchor->kind == PART;
    u32 stem = stem_of(tongue, anchor);
    file_word(number, stem);
    tongue->filed++;
    set_bits_of(tongue, number, stem);
    widen_glance(tongue, 0);
}

/* Let the words count that do so in all languages. */
EXPORT void count_common(u32 language) {
    Tongue *tongue = tongue_of(language);
    u32 more = 0;
    for (u32 n = tongue->has_common; n < common.count; n++) more += !counted(tongue, (u32)numbers_of(&common)[n]);
    widen_glance(tongue, more); /* once for all of them */
    while (tongue->has_common < common.count) count_word(tongue, (u32)numbers_of(&common)[tongue->has_common++]);
}

/* Note that a word is all of a text, in the languages in which it counted before. */
static void note_alone_word(u32 number) {
    for (u32 n = 0; n < tongues.count; n++)
        if (counted(tongue_of(n), number)) set_bits_of(tongue_of(n), number, stem_of(tongue_of(n), anchor_at(number)));
}

#endif
