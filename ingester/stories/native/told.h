/* What a turn was told of stories: their articles' words and signs added up by language. */
#ifndef TOLD_H
#define TOLD_H
#include "articles.h"
#include "prints.h"
#include "reals.h"

#define MOST_PRINTS 6   /* of its articles: the first one, and the last ones */
#define MOST_GROUPS 256 /* languages of a story: what says more is none of ours */

struct group {
    u64 language;
    const u32 *words, *signs;
    const f32 *word_sums, *sign_sums, *lone;
    const f32 *squares; /* of each sign, the sum of the squares of its weights; none of an article's own */
    u32 word_count, sign_count;
    const u8 *several; /* which signs were seen in several languages */
    f64 articles, size, told;
};
struct story {
    f64 first_day, last_day;
    u32 count, print_count;
    const u8 *prints[MOST_PRINTS];
    struct group groups[];
};

/* By place; what was told in another turn is forgotten. A story that is there no more is told as none. */
static u32 turn;
static struct { u32 turn, asked, changed, story; } *told_of;

static struct story *story_at(u32 place) {
    return told_of[place].turn == turn ? (struct story *)told_of[place].story : 0;
}

static void tell_of(u32 place, struct story *story) {
    told_of[place].turn = turn;
    told_of[place].story = (u32)story;
}

/* What is read of bytes whose lengths are not trusted. */
static const u8 *at, *end;

static const u8 *bytes(u32 count) {
    if ((u32)(end - at) < count) __builtin_trap();
    at += count;
    return at - count;
}

static const u32 *row_of(u32 count) {
    u32 *row = (u32 *)take(count * sizeof(u32));
    copy(row, bytes(count * 4), count * 4);
    return row;
}

static f32 *sums_of(u32 count, u32 is_half) {
    f32 *sums = (f32 *)take(count * sizeof(f32));
    if (is_half) wholes_of(sums, bytes(count * 2), count);
    else copy(sums, bytes(count * 4), count * 4);
    return sums;
}

/* Tell the squares of signs that were seen in several languages from those of others. */
static void settle(struct group *group) {
    f32 *left = (f32 *)take(group->sign_count * sizeof(f32));
    group->told = 0;
    for (u32 n = 0; n < group->sign_count; n++) {
        f32 square = group->squares ? group->squares[n] : group->sign_sums[n] * group->sign_sums[n];
        left[n] = group->several[n] ? 0 : square;
        if (group->several[n]) group->told += square;
    }
    group->lone = left;
}

/* Read a group of `sums.packed`: language, articles, size, how many words and signs; these; their sums. */
static void read_group(struct group *group, u32 is_half) {
    u32 articles;
    f32 size;
    u16 counts[2];
    copy(&group->language, bytes(8), 8);
    copy(&articles, bytes(4), 4);
    copy(&size, bytes(4), 4);
    copy(counts, bytes(4), 4);
    group->articles = articles;
    group->size = size;
    group->word_count = counts[0];
    group->sign_count = counts[1];
    group->words = row_of(counts[0]);
    group->signs = row_of(counts[1]);
    group->word_sums = sums_of(counts[0], is_half);
    group->sign_sums = sums_of(counts[1], is_half);
    group->squares = sums_of(counts[1], is_half);
    group->several = bytes(counts[1]);
    settle(group);
}

/* Read the prints behind: each says how long it is. */
static void read_prints(struct story *story) {
    for (story->print_count = 0; at < end; story->print_count++) {
        const u8 *print = bytes(PRINT_HEAD);
        bytes(print_size(print) - PRINT_HEAD);
        if (story->print_count == MOST_PRINTS) __builtin_trap();
        story->prints[story->print_count] = print;
    }
}

/* Whether one of a story's articles gives a source. */
static u32 is_citing(const struct story *story) {
    for (u32 n = 0; n < story->print_count; n++)
        if (cited_count(story->prints[n])) return 1;
    return 0;
}

/* Whether an article has the text of one of a story's, or it has the article's. */
static u32 is_copied(u32 number, const struct story *story) {
    for (u32 n = 0; n < story->print_count; n++)
        if (is_copy(print_of(number), story->prints[n])) return 1;
    return 0;
}

/* Take what `sums.packed` says of a story. */
static void read_story(u32 place, u32 is_half) {
    f64 days[2];
    u32 groups;
    copy(days, bytes(16), 16);
    copy(&groups, bytes(4), 4);
    if (groups > MOST_GROUPS) __builtin_trap();
    struct story *story = (struct story *)take(sizeof(struct story) + groups * sizeof(struct group));
    story->first_day = days[0];
    story->last_day = days[1];
    story->count = groups;
    for (u32 n = 0; n < groups; n++) read_group(story->groups + n, is_half);
    read_prints(story);
    tell_of(place, story);
}

/* Tell of stories what `sums.packed` says of each, one behind the other; nothing where there is no such story.
 *
 * lengths: of each, in bytes.
 * is_changed: whether this turn has changed them; then numbers are whole, else halves as they are stored. */
EXPORT void tell(u32 places, u32 lengths, u32 count, u32 from, u32 is_changed) {
    at = (const u8 *)from;
    for (u32 n = 0; n < count; n++) {
        u32 place = ((const u32 *)places)[n];
        check_place(place);
        end = at + ((const u32 *)lengths)[n];
        if (at == end) tell_of(place, 0);
        else read_story(place, !is_changed);
        at = end;
        if (is_changed) told_of[place].changed = turn;
    }
}

#endif
