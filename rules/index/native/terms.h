/* What terms need of a text: words stand for texts, texts for slots, slots for alternatives of a term.
 *
 * What terms share is kept once, for all languages; a language adds which texts answer which slots in it. An alternative
 * is filed under its rarest slot, a text under its rarest word.
 */
#ifndef TERMS_H
#define TERMS_H

#include "tongues.h"

/* A text that stands for a part of a term: its words, the rarest first, behind their count in `text_words`, then the word that is
 * all of it, and the sums of the words' marks if these make other words; the slots that it answers in all languages; how many
 * words it has with its stop words; whether it begins or ends with one, whether marks count, and whether it has several words.
 */
typedef struct {
    u32 words, slots, length;
    u8 is_wide, is_toned, has_several;
} Text;

static Row texts, text_words, alternatives, filed_under, term_slots, term_at;
static Row slot_groups, groups_at, slots_noted; /* what variants answer; of each slot where, behind one; a slot and how it stands */
static Set stops;         /* small words of any language, folded */
static Set small_between; /* these, and those that are small only with their marks (für), without them */

static inline Text *text_at(u32 number) { return (Text *)texts.at + number; }

static Text *text_of(u32 number) {
    if (number >= texts.count) __builtin_trap();
    return text_at(number);
}

static Anchor *anchor_of(i32 number) {
    if ((u32)number >= anchors.count) __builtin_trap();
    return anchor_at((u32)number);
}

enum { IS_WIDE = 1, IS_TONED = 2, HAS_SEVERAL = 4 };

/* A new text: how many words it has in all, what it is of the above, the word that is all of it or -1, how many different words,
 * and these; the sums of their marks if these count.
 */
static void learn_text(const i32 *in) {
    u32 number = texts.count, count = (u32)in[3], is = (u32)in[1];
    widen(&texts, (number + 1) * sizeof(Text));
    texts.count++;
    *text_at(number) = (Text){text_words.count, 0, (u32)in[0], !!(is & IS_WIDE), !!(is & IS_TONED), !!(is & HAS_SEVERAL)};
    push(&text_words, (i32)count);
    for (u32 n = 0; n < count; n++) anchor_of(in[4 + n]), push(&text_words, in[4 + n]);
    push(&text_words, in[2]);
    for (u32 n = 0; is & IS_TONED && n < count; n++) push(&text_words, in[4 + count + n]);
    if (count) anchor_of(in[4])->filed = appended(anchor_of(in[4])->filed, (i32)(number * 2));
    if (in[2] >= 0) anchor_of(in[2])->filed = appended(anchor_of(in[2])->filed, (i32)(number * 2 + 1));
}

/* A text answers a slot, in a language or in all; its words stand so in terms, or beside others if it has several. */
static void learn_answer(Tongue *tongue, u32 number, i32 slot, u32 stands) {
    Text *text = text_of(number);
    const i32 *own = numbers_of(&text_words) + text->words;
    u32 count = (u32)own[0];
    if (text->has_several) stands = BESIDE;
    if (tongue) {
        reach(&tongue->answers, number);
        u32 *list = (u32 *)&numbers_of(&tongue->answers)[number];
        if (!has(text->slots, slot) && !has(*list, slot)) *list = appended(*list, slot);
    } else if (!has(text->slots, slot)) {
        text->slots = appended(text->slots, slot);
    }
    for (u32 n = 0; n <= count; n++) {
        i32 word = own[1 + n];
        if (word < 0) continue;
        u32 of_word = n == count ? ALONE : stands, is_new = of_word & ALONE & ~anchor_at((u32)word)->flags;
        anchor_at((u32)word)->flags |= (u8)of_word;
        if (is_new) note_alone_word((u32)word);
        if (tongue) count_word(tongue, (u32)word);
        else if (!anchor_at((u32)word)->is_common) anchor_at((u32)word)->is_common = 1, push(&common, word);
    }
}

/* What answers a slot in all languages: the slot, how it stands in terms, how many texts, and these. */
static u32 learn_answers(const i32 *in) {
    for (i32 n = 0; n < in[2]; n++) learn_answer(0, (u32)in[3 + n], in[0], (u32)in[1]);
    return 3 + (u32)in[2];
}

/* An alternative: the slot under which it is filed, its term, whether it says what is done, how many other slots, and these. Under
 * its slot stand the first other one, without which nobody need look for the rest, and where it lies; of an alternative of one slot
 * NO_OTHER and its term.
 */
#define NO_OTHER (-1)
static u32 learn_alternative(const i32 *in) {
    reach(&filed_under, (u32)in[0]);
    u32 *list = (u32 *)&numbers_of(&filed_under)[in[0]], count = (u32)in[3];
    *list = appended(*list, count ? in[4] : NO_OTHER);
    *list = appended(*list, count ? (i32)alternatives.count : in[1]);
    for (u32 n = 0; count && n < 3 + count; n++) push(&alternatives, in[1 + n]);
    return 4 + count;
}

/* The next term: whether its words count wherever they stand; how many slots, and these. */
static u32 learn_term(const i32 *in) {
    push(&term_at, (i32)term_slots.count);
    for (u32 n = 0; n < 2 + (u32)in[1]; n++) push(&term_slots, in[n]);
    return 2 + (u32)in[1];
}

/* A slot that groups of variants answer, and how it stands from now on; how many do in all languages, how many in some; and these. */
static u32 learn_slot(const i32 *in) {
    u32 end = 4 + (u32)in[2] + (u32)in[3];
    push(&slots_noted, in[0]), push(&slots_noted, in[1]);
    reach(&groups_at, (u32)in[0]);
    if (!numbers_of(&groups_at)[in[0]]) {
        numbers_of(&groups_at)[in[0]] = (i32)slot_groups.count + 1;
        for (u32 n = 2; n < end; n++) push(&slot_groups, in[n]);
    }
    return end;
}

/* Take in answers (0), alternatives (1), terms (2) and slots (3), one behind the other. */
EXPORT void learn_terms(u32 count) {
    static u32 (*const how[])(const i32 *) = {learn_answers, learn_alternative, learn_term, learn_slot};
    const i32 *in = numbers_of(&input);
    lesson++;
    for (u32 at = 0; at < count;) {
        if ((u32)in[at] > 3) __builtin_trap();
        at += 1 + how[in[at]](in + at + 1);
    }
}

#endif
