/* Stories that articles of this turn begin or join: what is kept of them, and its bytes. */
#ifndef BEGUN_H
#define BEGUN_H
#include "told.h"

#define WORDS_OF_ONE 256 /* so many words and signs are kept of one article, those that tell most */
#define SIGNS_OF_ONE 128
#define WORDS_OF_MANY 512 /* and so many of several articles in one language */
#define SIGNS_OF_MANY 256

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

/* What a story has of an article; what can be is left where it is. */
static struct group group_of(u32 number) {
    u32 word = word_ends[number], sign = sign_ends[number];
    struct group group = {
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
    shorten(&group);
    return group;
}

static struct story *room_for(u32 groups) {
    if (groups > MOST_GROUPS) __builtin_trap();
    return (struct story *)take(sizeof(struct story) + groups * sizeof(struct group));
}

/* Begin a story with an article of this turn, and file it. */
EXPORT void begin_story(u32 place, u32 number) {
    check_article(number);
    struct story *story = room_for(1);
    story->first_day = story->last_day = dated[number];
    story->count = 1;
    story->print_count = 1;
    story->prints[0] = print_of(number);
    story->groups[0] = group_of(number);
    file_under(place, keys_of[number].signs, keys_of[number].count, seen_at[number]);
    tell_of(place, story);
    told_of[place].changed = turn;
}

/* What two rows have, each sign once and in order, and where each has it: one more than that, 0 where it has not. */
struct both { u32 count, *signs, *mine, *theirs; };

static struct both both_of(const u32 *mine, u32 my_count, const u32 *theirs, u32 their_count) {
    u32 most = my_count + their_count, at = 0, other = 0;
    struct both both = {0, (u32 *)take(most * 4), (u32 *)take(most * 4), (u32 *)take(most * 4)};
    for (; at < my_count || other < their_count; both.count++) {
        u32 is_mine = at < my_count && (other == their_count || mine[at] <= theirs[other]);
        u32 is_theirs = other < their_count && (at == my_count || theirs[other] <= mine[at]);
        both.signs[both.count] = is_mine ? mine[at] : theirs[other];
        both.mine[both.count] = is_mine ? ++at : 0;
        both.theirs[both.count] = is_theirs ? ++other : 0;
    }
    return both;
}

static f32 *added(const struct both *both, const f32 *mine, const f32 *theirs) {
    f32 *sums = (f32 *)take(both->count * sizeof(f32));
    for (u32 n = 0; n < both->count; n++) {
        f64 one = both->mine[n] ? mine[both->mine[n] - 1] : 0, other = both->theirs[n] ? theirs[both->theirs[n] - 1] : 0;
        sums[n] = (f32)(one + other);
    }
    return sums;
}

static const f32 *squares_of(const struct group *group) {
    if (group->squares) return group->squares;
    f32 *squares = (f32 *)take(group->sign_count * sizeof(f32));
    for (u32 n = 0; n < group->sign_count; n++) squares[n] = group->sign_sums[n] * group->sign_sums[n];
    return squares;
}

/* Add an article to a group of its language; of many words and signs those are left that tell most. */
static void add_to(struct group *group, const struct group *own) {
    static u32 kept[WORDS_OF_MANY];
    struct both both = both_of(group->words, group->word_count, own->words, own->word_count);
    const f32 *sums = added(&both, group->word_sums, own->word_sums);
    if (both.count > WORDS_OF_MANY) {
        both.count = kept_of(kept, sums, both.count, WORDS_OF_MANY);
        both.signs = (u32 *)picked(both.signs, kept, both.count);
        sums = picked(sums, kept, both.count);
    }
    group->words = both.signs, group->word_sums = sums, group->word_count = both.count;
    both = both_of(group->signs, group->sign_count, own->signs, own->sign_count);
    sums = added(&both, group->sign_sums, own->sign_sums);
    const f32 *squares = added(&both, squares_of(group), squares_of(own));
    u32 count = both.count;
    if (count > SIGNS_OF_MANY) count = kept_of(kept, sums, count, SIGNS_OF_MANY);
    else for (u32 n = 0; n < count; n++) kept[n] = n;
    u8 *in_several = (u8 *)take(count);
    for (u32 n = 0; n < count; n++) {
        u32 mine = both.mine[kept[n]], theirs = both.theirs[kept[n]];
        in_several[n] = (mine && group->several[mine - 1]) || (theirs && own->several[theirs - 1]);
    }
    group->signs = picked(both.signs, kept, count), group->sign_sums = picked(sums, kept, count);
    group->squares = picked(squares, kept, count), group->several = in_several, group->sign_count = count;
    group->articles += own->articles;
    group->size += own->size;
}

/* Keep the print of an article, too: of many the first one and the last ones. */
static void add_print(struct story *story, const u8 *print) {
    if (story->print_count == MOST_PRINTS) {
        for (u32 n = 2; n < MOST_PRINTS; n++) story->prints[n - 1] = story->prints[n];
        story->print_count--;
    }
    story->prints[story->print_count++] = print;
}

/* Add an article of this turn to a story; return whether the turn was told of it. */
EXPORT u32 grow(u32 place, u32 number) {
    check_article(number);
    check_place(place);
    const struct story *before = story_at(place);
    if (!before) return 0;
    struct group own = group_of(number);
    u32 at = 0;
    while (at < before->count && before->groups[at].language != own.language) at++;
    u32 count = before->count + (at == before->count);
    struct story *story = room_for(count);
    f64 day = dated[number], first = before->first_day, last = before->last_day;
    *story = *before;
    /* What is not a number is less and more than nothing. */
    story->first_day = first <= day || day != day ? first : day;
    story->last_day = last >= day || day != day ? last : day;
    story->count = count;
    add_print(story, print_of(number));
    for (u32 n = 0; n < before->count; n++) story->groups[n] = before->groups[n];
    if (at == before->count) story->groups[at] = own;
    else add_to(story->groups + at, &own);
    for (u32 n = 0; n < story->count; n++) settle(story->groups + n);
    file_under(place, keys_of[number].signs, keys_of[number].count, seen_at[number]);
    tell_of(place, story);
    told_of[place].changed = turn;
    return 1;
}

static u8 *written;

static void write(const void *from, u32 count) {
    copy(written, from, count);
    written += count;
}

static void write_sums(const f32 *sums, u32 count, u32 are_half) {
    if (!are_half) {
        write(sums, count * sizeof(f32));
        return;
    }
    for (u32 n = 0; n < count; n++) {
        u16 half = half_of(sums[n]);
        write(&half, 2);
    }
}

static void write_group(const struct group *group, u32 are_half) {
    u32 articles = (u32)group->articles;
    f32 size = (f32)group->size;
    u16 counts[2] = {(u16)group->word_count, (u16)group->sign_count};
    write(&group->language, 8);
    write(&articles, 4);
    write(&size, 4);
    write(counts, 4);
    write(group->words, group->word_count * 4);
    write(group->signs, group->sign_count * 4);
    write_sums(group->word_sums, group->word_count, are_half);
    write_sums(group->sign_sums, group->sign_count, are_half);
    write_sums(squares_of(group), group->sign_count, are_half);
    write(group->several, group->sign_count);
}

/* The bytes of stories that were told in this turn, as `sums.packed` makes them. Returns where they begin; where each
 * ends is written in the place of its place. */
EXPORT u32 pack(u32 places_at, u32 count, u32 are_half) {
    u32 *places = (u32 *)places_at, size = 0;
    for (u32 n = 0; n < count; n++) {
        check_place(places[n]);
        const struct story *story = story_at(places[n]);
        if (!story) __builtin_trap();
        size += 20;
        for (u32 each = 0; each < story->print_count; each++) size += print_size(story->prints[each]);
        for (u32 each = 0; each < story->count; each++)
            size += 20 + 8 * story->groups[each].word_count + 13 * story->groups[each].sign_count;
    }
    u8 *begin = written = (u8 *)take(size);
    for (u32 n = 0; n < count; n++) {
        const struct story *story = story_at(places[n]);
        write(&story->first_day, 16);
        write(&story->count, 4);
        for (u32 each = 0; each < story->count; each++) write_group(story->groups + each, are_half);
        for (u32 each = 0; each < story->print_count; each++)
            write(story->prints[each], print_size(story->prints[each]));
        places[n] = (u32)(written - begin);
    }
    return (u32)begin;
}

#endif
