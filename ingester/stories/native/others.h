/* Which stories tell another event than an article that is like them, as far as no word need be read to know it.
 *
 * Why is said in `../similarity.py`, which decides of all others: what is said here it would say, too, and says of
 * most. Its sums have other roundings, so what is close to a bound is left to it.
 */
#ifndef OTHERS_H
#define OTHERS_H
#include "alike.h"

#define CONCEPT 0u /* kinds of signs, but for KIND and GENERAL */
#define NUMBER 1u
#define NAME 2u
#define EVERYDAY 1u /* what a sign is among others, as bits: `signs.Commonplace`, and plain numbers */
#define RECURRING 2u
#define INCIDENT 4u
#define NAMING 8u
#define PLACED 16u
#define PLAIN 32u
#define CLASS_BITS 13
#define MOST_CLASSED (1u << (CLASS_BITS - 1))
#define SURELY (1 - 1e-5)
#define IS_SHORT 40.0
#define FEWEST_NAMES 2
#define ENOUGH_NAMES 3
#define ALIKE_NAMES 0.2
#define NAMED_ALIKE 0.28
#define LEAST_ALIKE 0.2
#define MUCH 6
#define MUCH_OF_TITLES 5
#define ELSEWHERE 0.33
#define A_WORD_OR_TWO 2
#define ALIKE_IN_WORDS 0.25
#define ALIKE_AT_A_PLACE 0.4
#define ALIKE_IN_KIND 0.3
#define ALIKE_IN_A_LANGUAGE 0.55
#define PLAIN_NUMBERS_TELL 0.25
#define ENOUGH_TOLD 2.0
#define ENOUGH_UNNAMED 2.5
#define ENOUGH_OF_SIGNS 0.08
#define EVERYDAY_TELLS 0.5
#define ALIKE_ALL_THE_SAME 0.14
#define ENOUGH_TO_NAME 24.0
#define ENOUGH_NUMBERS 2
#define ALIKE_WITHOUT_NAMES 0.16

static u32 classed[1 << CLASS_BITS], classed_count;
static u8 classes[1 << CLASS_BITS];

/* Know what these signs are; of too many nothing is known, and nothing is sure. */
EXPORT void know(u32 signs_at, u32 classes_at, u32 count) {
    fill(classed, 0, sizeof classed);
    classed_count = count > MOST_CLASSED ? 0 : count;
    for (u32 n = 0; n < classed_count; n++) {
        u32 sign = ((const u32 *)signs_at)[n], slot = sign * SPREAD >> (32 - CLASS_BITS);
        if (!sign) classed_count = 0; /* it stands for none */
        while (classed[slot]) slot = (slot + 1) & ((1u << CLASS_BITS) - 1);
        classed[slot] = sign;
        classes[slot] = ((const u8 *)classes_at)[n];
    }
}

static u32 class_of(u32 sign) {
    u32 slot = sign * SPREAD >> (32 - CLASS_BITS);
    while (classed[slot] && classed[slot] != sign) slot = (slot + 1) & ((1u << CLASS_BITS) - 1);
    return classed[slot] ? classes[slot] : 0;
}

/* How many names a row of signs has, their squares, and how many places. */
struct named { u32 names, places; f64 squares; };

static struct named named_in(const u32 *row, const f32 *squares, const f32 *weights, u32 count) {
    struct named named = {0, 0, 0};
    for (u32 n = 0; n < count; n++) {
        if ((row[n] & KIND) == NAME) {
            named.names++;
            named.squares += squares ? squares[n] : weights[n] * weights[n];
        } else named.places += (class_of(row[n]) & PLACED) > 0;
    }
    return named;
}

/* What an article and a group share: how many signs of which kind, and how much of both these are.
 *
 * telling: names, and numbers that are not plain; told: what is no everyday thing, and where: the places of these;
 * beside: what else these are but for what recurs; rest: what is neither everyday nor recurs. */
struct shared {
    u32 names, numbers, telling, naming, places, told, where, beside, beside_incidents, rest;
    u32 rest_plain, rest_incidents, rest_numbers, rest_concepts;
    f64 sum, of_names, with_plain, tells;
};

static struct shared shared_by(u32 number, const struct group *group) {
    const u32 from = sign_ends[number], *row = signs + from;
    struct shared all = {0};
    for (u32 n = 0; n < group->sign_count; n++) {
        u32 place = placed_at(sign_at, SIGN_BITS, row, group->signs[n]);
        if (!place--) continue;
        u32 kind = group->signs[n] & KIND, class = class_of(group->signs[n]);
        f64 product = sign_weights[from + place] * group->sign_sums[n];
        u32 is_common = kind == GENERAL || class & (EVERYDAY | PLAIN);
        all.sum += product;
        all.with_plain += class & PLAIN ? product * PLAIN_NUMBERS_TELL : product;
        all.tells += is_common ? EVERYDAY_TELLS : 1;
        all.numbers += kind == NUMBER;
        all.telling += (kind == NAME || kind == NUMBER) && !(class & PLAIN);
        all.naming += (class & NAMING) > 0;
        all.places += (class & PLACED) > 0;
        if (kind == NAME) all.names++, all.of_names += product;
        if (!is_common) {
            all.told++;
            if (class & PLACED) all.where++;
            else if (!(class & RECURRING)) all.beside++, all.beside_incidents += (class & INCIDENT) > 0;
        }
        if (kind == GENERAL || class & (EVERYDAY | RECURRING)) continue;
        all.rest++;
        all.rest_plain += (class & PLAIN) > 0;
        all.rest_incidents += (class & INCIDENT) > 0;
        all.rest_concepts += kind == CONCEPT;
        all.rest_numbers += kind == NUMBER && !(class & PLAIN);
    }
    return all;
}

/* Whether what two short ones share is a place, or a word or two. Of a name words may tell that it is the place's. */
static u32 is_where_alone(const struct shared *all, f64 share, u32 is_across) {
    if (share >= (is_across ? ALIKE_AT_A_PLACE : ALIKE_IN_A_LANGUAGE) * SURELY) return 0;
    if (is_across && share < ALIKE_IN_WORDS * SURELY && all->told <= A_WORD_OR_TWO) return 1;
    if (!all->where || all->beside > all->beside_incidents) return 0;
    return !all->beside || !is_across || share < ALIKE_IN_KIND * SURELY;
}

static u32 is_of_its_kind(const struct shared *all, f64 product, f64 shorter) {
    if (all->names) return 0;
    if (all->rest == all->rest_plain || all->rest == all->rest_incidents) return 1;
    return shorter >= ENOUGH_TO_NAME && all->rest_numbers < ENOUGH_NUMBERS && product < ALIKE_WITHOUT_NAMES * SURELY;
}

/* Likewise whether it is everyday: several signs may be of one word, and then they tell less than is added up here. */
static u32 is_everyday(const struct shared *all, f64 product, f64 shorter) {
    f64 of_size = ENOUGH_OF_SIGNS * shorter;
    f64 enough = of_size > ENOUGH_TOLD ? of_size : ENOUGH_TOLD;
    f64 unnamed = of_size > ENOUGH_UNNAMED ? of_size : ENOUGH_UNNAMED;
    if (!all->telling && !all->naming) return all->tells < unnamed * SURELY;
    return all->tells < enough * SURELY && product < ALIKE_ALL_THE_SAME * SURELY;
}

/* Whether an article surely tells another event than a story that it is like. */
static u32 is_surely_another(u32 number, const struct story *story) {
    if (!classed_count || !story->count) return 0;
    face(number);
    const u32 from = sign_ends[number];
    const struct named own = named_in(signs + from, 0, sign_weights + from, sign_ends[number + 1] - from);
    u32 is_across = 1, are_short = 1, have_texts = has_texts(number, story);
    for (u32 n = 0; n < story->count; n++) {
        const struct group *group = story->groups + n;
        is_across &= group->language != languages[number];
        are_short &= sizes[number] <= IS_SHORT && group->size <= IS_SHORT * group->articles;
    }
    u32 is_elsewhere = own.places > 0, has_places = 0, is_at_a_place = have_texts && are_short;
    u32 names_none = is_across && own.names >= FEWEST_NAMES, is_hardly = is_across && have_texts && are_short;
    u32 is_common = is_across, is_of_kind = is_across, may_be_much = 0;
    for (u32 n = 0; n < story->count; n++) {
        const struct group *group = story->groups + n;
        const struct shared all = shared_by(number, group);
        const struct named theirs = named_in(group->signs, group->squares, group->sign_sums, group->sign_count);
        f64 share = all.sum / group->articles, product = all.with_plain / group->articles;
        f64 shorter = group->size / group->articles;
        if (sizes[number] < shorter) shorter = sizes[number];
        if (group->language == languages[number] && sizes[number] <= IS_SHORT && own.names >= ENOUGH_NAMES &&
            theirs.names >= ENOUGH_NAMES) {
            f64 both = __builtin_sqrt(own.squares * theirs.squares * group->articles);
            if (all.of_names < ALIKE_NAMES * SURELY * both) return 1;
        }
        has_places |= theirs.places > 0;
        /* Of so many words, if no two signs are of one. */
        may_be_much |= all.rest_concepts >= (have_texts ? MUCH : MUCH_OF_TITLES) && shorter <= NOT_LONG;
        is_elsewhere &= !all.places && !all.names && !all.telling && share < ELSEWHERE * SURELY;
        is_at_a_place &= is_where_alone(&all, share, is_across);
        names_none &= !all.names && !all.numbers && theirs.names >= FEWEST_NAMES;
        names_none &= !have_texts || !all.naming || share < NAMED_ALIKE * SURELY;
        is_hardly &= share < (all.telling || all.naming ? LEAST_ALIKE : ELSEWHERE) * SURELY;
        is_common &= is_everyday(&all, product, shorter);
        is_of_kind &= is_of_its_kind(&all, product, shorter);
    }
    if (may_be_much) names_none = is_hardly = is_of_kind = 0;
    return (is_elsewhere && has_places) || is_at_a_place || names_none || is_hardly || is_common || is_of_kind;
}

#endif
