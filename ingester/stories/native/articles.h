/* The articles of a turn: their words and signs by how much each tells, and the keys that these make. */
#ifndef ARTICLES_H
#define ARTICLES_H
#include "index.h"

#define KEY_WORDS 10
#define KEY_SIGNS 18
#define MOST_CERTAIN 8
#define CERTAIN 4.0f      /* what a piece of the text or an address counts: as much as several words */
#define LEAST_SHARED 0.05 /* of the weight of words and signs a story must share so much to be compared */

/* What Python gives of each: all in one row where there are several. */
static const u32 *words, *signs, *certain;
static const f32 *word_weights, *sign_weights, *lone;
static const u32 *word_ends, *sign_ends, *certain_ends;
static const u64 *languages;
static const f64 *sizes, *told, *alike, *dated, *seen_at;
static const u8 *several, *rare, *prints;
static const u32 *print_ends;
static u32 article_count;

struct keys { u32 count, signs[MOST_KEYS]; f32 weights[MOST_KEYS]; f64 least; };
static struct keys *keys_of;

/* Add those of a row that tell most, the first of those that tell alike. */
static void add_telling(struct keys *keys, const u32 *row, const f32 *weights, u32 count, u32 most) {
    static u32 best[KEY_SIGNS];
    u32 many = 0;
    for (u32 n = 0; n < count; n++) {
        if (many == most && weights[n] <= weights[best[many - 1]]) continue;
        u32 at = many < most ? many++ : most - 1;
        for (; at && weights[best[at - 1]] < weights[n]; at--) best[at] = best[at - 1];
        best[at] = n;
    }
    for (u32 n = 0; n < many; n++) {
        keys->signs[keys->count] = row[best[n]];
        keys->weights[keys->count++] = weights[best[n]];
    }
}

static void make_keys(u32 number) {
    struct keys *keys = keys_of + number;
    keys->count = 0;
    u32 from = word_ends[number], to = word_ends[number + 1];
    add_telling(keys, words + from, word_weights + from, to - from, KEY_WORDS);
    from = sign_ends[number], to = sign_ends[number + 1];
    add_telling(keys, signs + from, sign_weights + from, to - from, KEY_SIGNS);
    f64 sum = 0;
    for (u32 n = 0; n < keys->count; n++) sum += keys->weights[n];
    keys->least = LEAST_SHARED * sum;
    from = certain_ends[number], to = certain_ends[number + 1];
    if (to - from > MOST_CERTAIN) to = from + MOST_CERTAIN;
    for (; from < to; from++) {
        keys->signs[keys->count] = certain[from];
        keys->weights[keys->count++] = CERTAIN;
    }
}

/* Begin with so many articles, of which these rows tell. */
static void begin_articles(u32 count, const u32 *rows) {
    words = (const u32 *)rows[0], word_weights = (const f32 *)rows[1], word_ends = (const u32 *)rows[2];
    signs = (const u32 *)rows[3], sign_weights = (const f32 *)rows[4], lone = (const f32 *)rows[5];
    sign_ends = (const u32 *)rows[6], certain = (const u32 *)rows[7], certain_ends = (const u32 *)rows[8];
    languages = (const u64 *)rows[9], sizes = (const f64 *)rows[10], told = (const f64 *)rows[11];
    alike = (const f64 *)rows[12], dated = (const f64 *)rows[13], seen_at = (const f64 *)rows[14];
    several = (const u8 *)rows[15], rare = (const u8 *)rows[16], prints = (const u8 *)rows[17];
    print_ends = (const u32 *)rows[18];
    article_count = count;
    keys_of = (struct keys *)take(count * sizeof(struct keys));
    for (u32 number = 0; number < count; number++) make_keys(number);
}

static const u8 *print_of(u32 number) { return prints + print_ends[number]; }

static void check_article(u32 number) {
    if (number >= article_count) __builtin_trap();
}

#endif
