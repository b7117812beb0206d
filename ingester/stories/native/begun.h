/* Stories that articles of this turn begin: what is kept of them, and its bytes. */
#ifndef BEGUN_H
#define BEGUN_H
#include "told.h"

#define WORDS_OF_ONE 256 /* so many words and signs are kept of one article, those that tell most */
#define SIGNS_OF_ONE 128

/* The largest weight that so many others reach, at least: of fewer, 0. */
static f32 reached_by(const f32 *weights, u32 count, u32 most) {
    u32 before = mark();
    f32 *left = (f32 *)take(count * sizeof(f32));
    copy(left, weights, count * sizeof(f32));
    u32 from = 0, to = count, wanted = most - 1; /* where it is in order, largest first */
    while (to - from > 1) {
        f32 middle = left[from + (to - from) / 2];
        u32 above = from, at = from, below = to;
        while (at < below) {
            f32 weight = left[at];
            if (weight > middle) left[at++] = left[above], left[above++] = weight;
            else if (weight < middle) left[at] = left[--below], left[below] = weight;
            else at++;
        }
        if (wanted < above) to = above;
        else if (wanted >= below) from = below;
        else break;
    }
    f32 reached = left[wanted];
    release(before);
    return reached;
}

/* Which places of a row are kept: of those that tell alike the first ones. Returns how many. */
static u32 kept_of(u32 *kept, const f32 *weights, u32 count, u32 most) {
    f32 least = reached_by(weights, count, most);
    u32 many = 0, alike = most;
    for (u32 n = 0; n < count; n++) alike -= weights[n] > least;
    for (u32 n = 0; n < count; n++)
        if (weights[n] > least || (weights[n] == least && alike && alike--)) kept[many++] = n;
    return many;
}

static const void *picked(const void *row, const u32 *kept, u32 count) {
    u32 *some = (u32 *)take(count * sizeof(u32));
    for (u32 n = 0; n < count; n++) some[n] = ((const u32 *)row)[kept[n]];
    return some;
}

static void shorten(struct group *group) {
    static u32 kept[WORDS_OF_ONE];
    if (group->word_count > WORDS_OF_ONE) {
        group->word_count = kept_of(kept, group->word_sums, group->word_count, WORDS_OF_ONE);
        group->words = picked(group->words, kept, WORDS_OF_ONE);
        group->word_sums = picked(group->word_sums, kept, WORDS_OF_ONE);
    }
    if (group->sign_count > SIGNS_OF_ONE) {
        u8 *several = (u8 *)take(SIGNS_OF_ONE);
        group->sign_count = kept_of(kept, group->sign_sums, group->sign_count, SIGNS_OF_ONE);
        group->signs = picked(group->signs, kept, SIGNS_OF_ONE);
        group->sign_sums = picked(group->sign_sums, kept, SIGNS_OF_ONE);
        group->lone = picked(group->lone, kept, SIGNS_OF_ONE);
        group->told = 0;
        for (u32 n = 0; n < SIGNS_OF_ONE; n++) {
            several[n] = group->several[kept[n]];
            if (several[n]) group->told += group->sign_sums[n] * group->sign_sums[n];
        }
        group->several = several;
    }
}

/* Begin a story with an article of this turn, and file it; what can be is left where it is. */
EXPORT void begin_story(u32 place, u32 number) {
    check_article(number);
    struct story *story = (struct story *)take(sizeof(struct story) + sizeof(struct group));
    u32 word = word_ends[number], sign = sign_ends[number];
    story->first_day = story->last_day = dated[number];
    story->count = 1;
    story->is_citing = citing[number];
    story->groups[0] = (struct group){
        .language = languages[number],
        .words = words + word,
        .word_sums = word_weights + word,
        .word_count = word_ends[number + 1] - word,
        .signs = signs + sign,
        .sign_sums = sign_weights + sign,
        .lone = lone + sign,
        .sign_count = sign_ends[number + 1] - sign,
        .several = several + sign,
        .articles = 1,
        .size = sizes[number],
        .told = told[number],
    };
    shorten(story->groups);
    file_under(place, keys_of[number].signs, keys_of[number].count, seen_at[number]);
    tell_of(place, story);
    told_of[place].changed = turn;
}

static u8 *written;

static void write(const void *from, u32 count) {
    copy(written, from, count);
    written += count;
}

static void write_halves(const f32 *numbers, u32 count, u32 are_squared) {
    for (u32 n = 0; n < count; n++) {
        u16 half = half_of(are_squared ? numbers[n] * numbers[n] : numbers[n]);
        write(&half, 2);
    }
}

/* The bytes of stories that this turn has begun and no other article has joined, but their prints: as `sums.packed`
 * makes them. Returns where they begin; where each ends is written in the place of its place. */
EXPORT u32 pack(u32 places_at, u32 count) {
    u32 *places = (u32 *)places_at, size = 0;
    for (u32 n = 0; n < count; n++) {
        check_place(places[n]);
        const struct story *story = story_at(places[n]);
        if (!story || !story->groups[0].several) __builtin_trap();
        size += 40 + 6 * story->groups[0].word_count + 9 * story->groups[0].sign_count;
    }
    u8 *begin = written = (u8 *)take(size);
    for (u32 n = 0; n < count; n++) {
        const struct story *story = story_at(places[n]);
        const struct group *group = story->groups;
        u32 one = 1;
        f32 length = (f32)group->size;
        u16 counts[2] = {(u16)group->word_count, (u16)group->sign_count};
        write(&story->first_day, 16);
        write(&one, 4);
        write(&group->language, 8);
        write(&one, 4);
        write(&length, 4);
        write(counts, 4);
        write(group->words, group->word_count * 4);
        write(group->signs, group->sign_count * 4);
        write_halves(group->word_sums, group->word_count, 0);
        write_halves(group->sign_sums, group->sign_count, 0);
        write_halves(group->sign_sums, group->sign_count, 1);
        write(group->several, group->sign_count);
        places[n] = (u32)(written - begin);
    }
    return (u32)begin;
}

#endif
