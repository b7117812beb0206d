/* How alike an article and a story are: the mean likeness to its articles, by the sums that are kept of them. */
#ifndef ALIKE_H
#define ALIKE_H
#include "begun.h"

#define KIND 3u /* the last two bits of a sign */
#define GENERAL 3u
#define ALIKE_ACROSS 0.14 /* the likeness, of signs, in two languages, of articles of USUAL_SIGNS */
#define USUAL_SIGNS 40.0
#define BY_SIZE 0.15
#define LEAST_ACROSS 2 /* so many signs articles in two languages must share */
#define ENOUGH_ACROSS 3
#define FEW_COUNT 0.85 /* what fewer than enough count */
/* In one language, of a text that is not long: names of few events that are so much of both texts, of so few days, make
 * them so much liker. */
#define RARE_OF_BOTH 0.04
#define OF_RARE_NAMES 1.6
#define NOT_LONG 60.0
#define FRESH_DAYS 3.0
/* Of a story in several languages, whose articles have so many signs and more, the mean leans to those that say it as
 * this one does: others may call what both name otherwise, in letters of their own. */
#define LEAST_LEANING 24.0
#define FADES_AFTER_DAYS 1.0
#define FADES_IN_DAYS 10.0

/* Where the words and signs of the article stand that is being compared: one more than that. */
#define WORD_BITS 13
#define SIGN_BITS 12
#define MOST_PLACED (1u << (SIGN_BITS - 1))
static u16 word_at[1 << WORD_BITS], sign_at[1 << SIGN_BITS];
static u32 faced_turn, faced;

static void place_row(u16 *table, u32 bits, const u32 *row, u32 count) {
    if (count > MOST_PLACED) count = MOST_PLACED;
    for (u32 n = 0; n < count; n++) {
        u32 slot = row[n] * SPREAD >> (32 - bits);
        while (table[slot]) slot = (slot + 1) & ((1u << bits) - 1);
        table[slot] = (u16)(n + 1);
    }
}

static u32 placed_at(const u16 *table, u32 bits, const u32 *row, u32 sign) {
    u32 slot = sign * SPREAD >> (32 - bits);
    while (table[slot] && row[table[slot] - 1] != sign) slot = (slot + 1) & ((1u << bits) - 1);
    return table[slot];
}

/* Turn to an article, to compare it with several stories. */
static void face(u32 number) {
    if (faced_turn == turn && faced == number) return;
    fill(word_at, 0, sizeof word_at);
    fill(sign_at, 0, sizeof sign_at);
    place_row(word_at, WORD_BITS, words + word_ends[number], word_ends[number + 1] - word_ends[number]);
    place_row(sign_at, SIGN_BITS, signs + sign_ends[number], sign_ends[number + 1] - sign_ends[number]);
    faced_turn = turn, faced = number;
}

static f64 shared_words(u32 number, const struct group *group) {
    const u32 *row = words + word_ends[number];
    const f32 *weights = word_weights + word_ends[number];
    f64 product = 0;
    for (u32 n = 0; n < group->word_count; n++) {
        u32 place = placed_at(word_at, WORD_BITS, row, group->words[n]);
        if (place) product += weights[place - 1] * group->word_sums[n];
    }
    return product;
}

/* How many days an article lies from a story; not a number where either is undated. */
static f64 days_from(u32 number, const struct story *story) {
    f64 before = story->first_day - dated[number], after = dated[number] - story->last_day;
    f64 apart = before > after ? before : after;
    return apart < 0 ? 0 : apart;
}

static u32 has_texts(u32 number, const struct story *story) {
    if (!length_of(print_of(number))) return 0;
    for (u32 n = 0; n < story->print_count; n++)
        if (length_of(story->prints[n])) return 1;
    return 0;
}

/* Whether two texts, not long and not of titles alone, are of these days. */
static u32 are_fresh(u32 number, const struct group *group, const struct story *story) {
    u32 is_long = sizes[number] > NOT_LONG && group->size > NOT_LONG * group->articles;
    return !is_long && days_from(number, story) <= FRESH_DAYS && has_texts(number, story);
}

/* The sum of the likenesses to the articles of a story's group. Across languages only what was seen in several counts. */
static f64 likeness_to(u32 number, const struct group *group, const struct story *story) {
    const u32 from = sign_ends[number], *row = signs + from;
    f64 product = 0, mine = 0, theirs = 0, of_rare = 0;
    u32 shared = 0;
    for (u32 n = 0; n < group->sign_count; n++) {
        u32 place = placed_at(sign_at, SIGN_BITS, row, group->signs[n]);
        if (!place--) continue;
        f64 both = sign_weights[from + place] * group->sign_sums[n];
        product += both;
        if (rare[from + place]) of_rare += both;
        shared += sign_weights[from + place] > 0 && (group->signs[n] & KIND) != GENERAL;
        mine += lone[from + place];
        theirs += group->lone[n];
    }
    if (group->language == languages[number]) {
        f64 likely = (shared_words(number, group) + product) / 2 / alike[number];
        u32 are_named = of_rare >= RARE_OF_BOTH * group->articles && are_fresh(number, group, story);
        return are_named ? likely * OF_RARE_NAMES : likely;
    }
    if (shared < LEAST_ACROSS) return 0;
    f64 lengths = __builtin_sqrt(told[number] + mine) * __builtin_sqrt((group->told + theirs) / group->articles);
    f64 size = group->size / group->articles;
    size = (size < sizes[number] ? size : sizes[number]) / USUAL_SIGNS;
    f64 likely = product / (lengths > 1e-9 ? lengths : 1e-9) / (ALIKE_ACROSS * power_of(size, BY_SIZE));
    return shared < ENOUGH_ACROSS ? likely * FEW_COUNT : likely;
}

/* The mean of the likenesses, or the root of that of their squares: from 1 on, one event. */
static f64 likeness(u32 number, const struct story *story) {
    f64 sum = 0, squares = 0, articles = 0, least = sizes[number];
    face(number);
    for (u32 n = 0; n < story->count; n++) {
        const struct group *group = story->groups + n;
        f64 each = likeness_to(number, group, story), size = group->size / group->articles;
        sum += each;
        squares += each * each / group->articles;
        articles += group->articles;
        if (size < least) least = size;
    }
    if (articles <= 0) return 0;
    u32 leans = story->count > 1 && least > LEAST_LEANING && days_from(number, story) >= 0 && has_texts(number, story);
    return leans ? __builtin_sqrt(squares / articles) : sum / articles;
}

/* How much of a likeness is left, so many days apart. */
static f64 left_after(f64 apart) {
    return apart > FADES_AFTER_DAYS ? exp_of((FADES_AFTER_DAYS - apart) / FADES_IN_DAYS) : 1;
}

#endif
