/* Which words of rules the words of a text may be, by their letters: in another form, as a part of a compound, torn.
 *
 * What a word may be is remembered, since most words of a text were met before; but not what it may be together with the next
 * one, which is looked at each time where the tree goes on.
 */
#ifndef FORMS_H
#define FORMS_H

#include "tongues.h"

#define MOST_LETTERS 4096u
#define SHORTEST_PART 4u
#define SHORTEST_TAIL 5u
#define SHORTEST_HEAD 7u
#define SHORTEST_CUT 6u /* words with fewer letters are no compounds, nor those with more than the next */
#define SHORTEST_CUT_OF_SYLLABLES 4u /* the same where each letter is a syllable */
#define LONGEST_CUT 80u
#define LEAST_BEFORE 2u
#define LEAST_OF_BOTH 9
#define LONGEST_BEHIND 14u
#define LONGEST_PREFIX 8u

/* What a word was found to be: how many words of rules (as `note_word` has them); with how many it begins and goes on; twice how many may be it and the next
 * word; whether the tree goes on behind it; and all these words of rules, of the last ones each with where its ending
 * may begin: a bit for so many letters before the next word, or GOES_ON_BEHIND.
 */
enum { FOUND, HEADS, TORN, TREE_GOES_ON, OF_FIND };
#define GOES_ON_BEHIND 0x80000000u
#define NOTHING_FOUND 1u /* where the find of a word lies that is none of all */

static Row noted, found_words, found_heads, finds[3];
static u32 noted_for;

static int may_have_prefix(u32 letter) {
    return (letter >= 0x590 && letter <= 0x8ff) || (letter >= 0x1200 && letter <= 0x137f);
}

/* Whether what follows the first part of a compound often does, after a link maybe. */
static int is_tail(const Tongue *tongue, const u32 *rest, u32 length, i32 least) {
    for (u32 n = 0; n < links_known; n++) {
        u32 size = link_lengths[n];
        if (!begins_with_link(rest, length, n) || (i32)(length - size) < least) continue;
        const u32 *part = rest + size;
        u32 left_over = length - size;
        for (u32 ending = 0; ending <= LONGEST_ENDING && (!ending || ending + SHORTEST_PART <= left_over); ending++) {
            if (ending && !ending_of(tongue, part + left_over - ending, ending)) continue;
            if (value_of(&tongue->tails, sum_of_letters(part, left_over - ending))) return 1;
        }
    }
    return 0;
}

/* Whether a word may be a compound that begins with a rule's word: with another one behind it, or, by itself, of which that is all. */
enum { IS_PART = 1, BEGINS_ALONE };
static int begins_compound(const Tongue *tongue, const Anchor *anchor, const u32 *word, u32 length) {
    const u32 *own = letters_at(anchor);
    u32 cut = anchor->length;
    u32 shortest = word[0] >= 0xac00 && word[0] <= 0xd7a3 ? SHORTEST_CUT_OF_SYLLABLES : SHORTEST_CUT;
    if (cut < LEAST_BEFORE || length < cut + 2 || length < shortest || length > LONGEST_CUT) return 0;
    if (shared_letters(own, cut, word, length) < cut) return 0;
    u32 rest = length - cut, is_part = anchor->flags & BESIDE ? IS_PART : 0;
    if (!tongue->joins || rest < 3 || rest > LONGEST_BEHIND || cut < SHORTEST_PART) return (int)is_part;
    return cut >= SHORTEST_HEAD || is_tail(tongue, word + cut, rest, LEAST_OF_BOTH - (i32)cut) ? BEGINS_ALONE : (int)is_part;
}

/* A word of a text; with bits of where another word of rules may stand, behind one with which it begins. */
typedef struct {
    const Tongue *tongue;
    const u32 *letters; /* of all words from this one on */
    u32 length;
    u64 follows[2];
} Spot;

/* Note a word of rules, twice its number, and one more if it only stands beside another one: as a part of a compound of both. */
static void note_word(u32 number, int is_part) {
    i32 *last = &numbers_of(&noted)[number], *own = numbers_of(&finds[FOUND]);
    if (*last != (i32)noted_for) push(&finds[FOUND], (i32)number * 2 + is_part);
    for (u32 n = 0; *last == (i32)noted_for && !is_part && n < finds[FOUND].count; n++)
        if (own[n] >> 1 == (i32)number) own[n] &= ~1;
    *last = (i32)noted_for;
}

/* Where the ending of a word of a rule may begin if a text's word and the next one are a form of it; 0 if they are none. */
static u32 ends_behind(const Spot *spot, const Anchor *anchor) {
    const u32 *own = letters_at(anchor);
    u32 size = anchor->length, length = spot->length, longest = spot->tongue->longest, bits = 0;
    u32 shared = shared_letters(own, size, spot->letters, length);
    if (shared == length && size > length) return GOES_ON_BEHIND;
    for (u32 at = shared; at && at + longest > length; at--)
        if (ending_of(spot->tongue, own + at, size - at)) bits |= 1u << (length - at);
    return bits;
}

/* Look at a word of a rule whose stem a text's word begins with. Returns how long it is if the word goes on behind it. */
static u32 look_at_beginning(const Spot *spot, u32 number) {
    const Anchor *anchor = anchor_at(number);
    if (anchor->kind != FORM) {
        if (anchor->kind == BEGINNING || anchor->length == spot->length) note_word(number, 0);
        return 0;
    }
    u32 behind = ends_behind(spot, anchor); /* of what is a form itself an ending may be torn off: Oslo'nun */
    if (behind) push(&finds[TORN], (i32)number), push(&finds[TORN], (i32)behind);
    int begins = begins_compound(spot->tongue, anchor, spot->letters, spot->length);
    int is_it = begins != BEGINS_ALONE && is_form(spot->tongue, anchor, spot->letters, spot->length);
    if (begins || is_it) note_word(number, begins == IS_PART && !is_it);
    if (!begins) return 0;
    push(&finds[HEADS], (i32)number);
    return anchor->length;
}

/* Note where the rest of a compound may begin. */
static void look_behind(Spot *spot, u32 cut) {
    for (u32 n = 0; n < links_known; n++) {
        u32 at = cut + link_lengths[n];
        if (at + 2 <= spot->length && begins_with_link(spot->letters + cut, spot->length - cut, n))
            spot->follows[at / 64] |= 1ull << at % 64;
    }
}

/* Note words of rules that stand inside a word: of a compound, or behind what is written onto it. */
static void look_inside(const Spot *spot) {
    const Tongue *tongue = spot->tongue;
    int may_be_prefixed = may_have_prefix(spot->letters[0]);
    if (!tongue->joins && !(spot->follows[0] | spot->follows[1]) && !may_be_prefixed) return;
    for (u32 at = 1; at < spot->length; at++) {
        u32 rest = spot->length - at;
        u64 beginning = beginning_of(0);
        int is_prefixed = may_be_prefixed && rest >= 3 && at <= LONGEST_PREFIX &&
                          value_of(&tongue->prefixes, sum_of_letters(spot->letters, at));
        int may_join = tongue->joins && at >= 3 && rest >= SHORTEST_TAIL;
        int may_follow = at < LONGEST_CUT && spot->follows[at / 64] >> at % 64 & 1;
        if (!((is_prefixed || may_follow) && may_begin(tongue, 0, spot->letters + at, rest)) &&
            !(may_join && may_begin(tongue, OF_WORDS_ALONE, spot->letters + at, rest)))
            continue;
        for (u32 depth = 1; depth <= rest; depth++) {
            const Member *branch = branch_of(beginning = with_letter(beginning, spot->letters[at + depth - 1]));
            if (!branch) break;
            const i32 *some = list_at(branch->value);
            for (i32 each = 1; each <= some[0]; each++) {
                u32 number = (u32)some[each];
                const Anchor *anchor = anchor_at(number);
                if (!counted(tongue, number)) continue;
                int is_alone = is_prefixed || (may_join && anchor->flags & ALONE);
                int may_be = is_alone || (may_follow && anchor->flags & BESIDE);
                if (anchor->kind == FORM && may_be && is_form(tongue, anchor, spot->letters + at, rest))
                    note_word(number, !is_alone);
            }
        }
    }
}

/* Note words of rules whose letters stand anywhere in a word, or a run: from one of two roots. */
static void look_anywhere(const Spot *spot, u32 root, u32 kind) {
    for (u32 at = 0; at < spot->length; at++) {
        u64 beginning = beginning_of(root);
        if (!may_begin(spot->tongue, root, spot->letters + at, spot->length - at)) continue;
        for (u32 depth = at; depth < spot->length; depth++) {
            const Member *branch = branch_of(beginning = with_letter(beginning, spot->letters[depth]));
            if (!branch) break;
            const i32 *some = list_at(branch->value);
            for (i32 each = 1; each <= some[0]; each++) {
                u32 number = (u32)some[each];
                if (anchor_at(number)->kind == kind && counted(spot->tongue, number)) note_word(number, 0);
            }
        }
    }
}

/* Find what a word is; returns whether the tree goes on behind it. */
static u32 look_at(Spot *spot) {
    u32 depth = 0;
    u64 beginning = beginning_of(0);
    int begins = spot->length < BEGUN || may_begin(spot->tongue, 0, spot->letters, spot->length);
    while (begins && depth < spot->length && depth < MOST_LETTERS) {
        const Member *branch = branch_of(beginning = with_letter(beginning, spot->letters[depth]));
        if (!branch) break;
        const i32 *some = list_at(branch->value);
        depth++;
        for (i32 each = 1; each <= some[0]; each++) {
            u32 number = (u32)some[each], cut = 0;
            if (counted(spot->tongue, number)) cut = look_at_beginning(spot, number);
            if (cut) look_behind(spot, cut);
        }
    }
    look_inside(spot);
    if (spot->tongue->has_parts) look_anywhere(spot, OF_PARTS, PART);
    return depth == spot->length;
}

/* Write down what was found of a word, and return where. */
static u32 written_down(Tongue *tongue, u32 goes_on) {
    u32 at = tongue->finds.count;
    if (!goes_on && !finds[FOUND].count && !finds[TORN].count) return NOTHING_FOUND;
    for (u32 n = FOUND; n <= TORN; n++) push(&tongue->finds, (i32)finds[n].count);
    push(&tongue->finds, (i32)goes_on);
    for (u32 n = FOUND; n <= TORN; n++)
        for (u32 each = 0; each < finds[n].count; each++) push(&tongue->finds, numbers_of(&finds[n])[each]);
    return at;
}

static void forget_finds(Tongue *tongue) {
    leave(&tongue->seen.members);
    tongue->seen = (Set){0}, tongue->finds.count = 0, tongue->lesson = lesson, tongue->time++;
    for (u32 n = 0; n < NOTHING_FOUND + OF_FIND; n++) push(&tongue->finds, 0);
}

/* What a word is, of what was found before or is found now. */
static u32 find_of(Tongue *tongue, u32 place, u32 is_run) {
    Spot spot = {tongue, folded_at(place), folded_length(place), {0}};
    u64 sum = is_run ? 0 : sum_of_letters(spot.letters, spot.length);
    u32 known = is_run ? 0 : value_of(&tongue->seen, sum), goes_on = 0;
    if (known) return known;
    noted_for++;
    for (u32 n = FOUND; n <= TORN; n++) finds[n].count = 0;
    if (is_run) look_anywhere(&spot, 0, RUN);
    else goes_on = look_at(&spot);
    known = written_down(tongue, goes_on);
    if (!is_run) set_value(&tongue->seen, sum, known);
    return known;
}

/* Note words of rules that a word and the next one are together: of those whose stem it begins with, and where the tree goes on
 * with the letters behind it.
 */
static void find_torn(const Tongue *tongue, const i32 *find, u32 place) {
    const u32 *letters = folded_at(place);
    u32 length = folded_length(place), both = length + folded_length(place + 1);
    u32 left = folded_letters.count - (u32)numbers_of(&starts)[place];
    const i32 *torn = find + OF_FIND + find[FOUND] + find[HEADS];
    finds[TORN].count = 0;
    u32 may_end = 0;
    for (i32 n = 1; n < find[TORN]; n += 2) may_end |= (u32)torn[n];
    for (u32 left_over = may_end & ~GOES_ON_BEHIND; left_over; left_over &= left_over - 1) {
        u32 back = (u32)__builtin_ctz(left_over);
        if (!ending_of(tongue, letters + length - back, both - length + back)) may_end &= ~(1u << back);
    }
    for (i32 n = 0; n < find[TORN]; n += 2)
        if ((u32)torn[n + 1] & may_end) push(&finds[TORN], torn[n]);
    u32 goes_on = (u32)find[TREE_GOES_ON] && (length >= BEGUN || may_begin(tongue, 0, letters, left));
    u64 beginning = goes_on ? sum_of_letters(letters, length) : 0;
    for (u32 depth = length; goes_on && depth < left && depth < MOST_LETTERS; depth++) {
        const Member *branch = branch_of(beginning = with_letter(beginning, letters[depth]));
        if (!branch) break;
        if (depth < SHORT && !(numbers_of(&flags_of_words)[place] & JOINED)) continue;
        const i32 *some = list_at(branch->value);
        for (i32 each = 1; each <= some[0]; each++) {
            u32 number = (u32)some[each];
            if (anchor_at(number)->kind == FORM && counted(tongue, number)) push(&finds[TORN], (i32)number);
        }
    }
    for (u32 n = 0; n < finds[TORN].count; n++) {
        i32 number = numbers_of(&finds[TORN])[n];
        if (!is_form(tongue, anchor_at((u32)number), letters, both)) continue;
        push(&found_words, number * 2), push(&found_words, (i32)place);
        push(&found_words, number * 2), push(&found_words, (i32)place + 1);
    }
}

/* So many words of texts are remembered, and all forgotten then: more where there are more rules to compare them with; at least
 * as many as a set of 256 KB holds, with those of the article that comes last.
 */
static u32 most_remembered(void) {
    u32 most = anchors.count / 2;
    return most < 15500 ? 15500 : most > 100000 ? 100000 : most;
}

/* Find words of rules in the article that was cut: in `found_words` each, as `note_word` has it, with a place, in `found_heads` those with which a
 * word begins and goes on.
 */
static void find_words(Tongue *tongue) {
    if (tongue->lesson != lesson || tongue->seen.count > most_remembered()) forget_finds(tongue);
    found_words.count = found_heads.count = 0;
    reach(&noted, anchors.count);
    for (u32 place = 0; place < word_count; place++) {
        u32 is_run = numbers_of(&flags_of_words)[place] & A_RUN, end = tongue->finds.count;
        u32 at = find_of(tongue, place, is_run);
        const i32 *find = numbers_of(&tongue->finds) + at, *some = find + OF_FIND;
        for (i32 n = 0; n < find[FOUND]; n++) push(&found_words, some[n]), push(&found_words, (i32)place);
        for (i32 n = 0; n < find[HEADS]; n++)
            push(&found_heads, some[find[FOUND] + n]), push(&found_heads, (i32)place);
        if ((find[TORN] || find[TREE_GOES_ON]) && place + 1 < word_count) find_torn(tongue, find, place);
        if (is_run) tongue->finds.count = end;
    }
}

#endif
