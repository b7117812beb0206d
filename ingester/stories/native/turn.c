/* A turn: some articles, one by one, each compared with the stories that it may belong to.
 *
 * Python decides (batch.py); here is found which stories share most of an article's keys (index.h), and how alike it is
 * to them (alike.h), and whether it is another event all the same (others.h). An article is looked at with one call, and
 * few of them need more.
 */
#include "others.h"

/* What a story that was found may be to an article. */
#define NO_MORE 0 /* told too long ago, by its articles' dates */
#define ALIVE 1
#define EARLIER 2 /* told no more: the article may follow it */
#define COPY 4    /* and it may be a copy of one of its articles, or one of them of it */
#define OTHER 8   /* and however alike they are, it tells another event */

/* What is worth a look, as bits: of those that are alive; of earlier ones two bits further. */
#define LIKELY 1u
#define CITING 2u

/* What a look has found, of each story: its place, what it may be to the article, how alike they are. */
static struct { u32 place, kind; f32 score; } seen_near[MOST_FOUND];
static u32 *missing; /* places of which the turn was told nothing yet */

/* For how many days a story is told, and for how many more it may be followed; from which likeness on it is likely. */
static f64 lives_for, follows_for, likely_from;

EXPORT void begin_turns(u32 lives, u32 follows, u64 likely) {
    lives_for = lives, follows_for = follows, likely_from = real(likely);
    told_of = (void *)take(most_places * sizeof *told_of);
}

EXPORT void begin(u32 count, u32 rows) {
    turn++;
    begin_articles(count, (const u32 *)rows);
    missing = (u32 *)take((count + 1) * MOST_FOUND * sizeof(u32));
}

EXPORT u32 near_at(void) { return (u32)seen_near; }
EXPORT u32 missing_at(void) { return (u32)missing; }
EXPORT u32 keys_at(void) { return (u32)keys_of; }

/* What is compared with an article. */
static u32 found[MOST_FOUND], found_count;

static void rank_for(u32 number) {
    check_article(number);
    const struct keys *keys = keys_of + number;
    rank(keys->signs, keys->weights, keys->count, keys->least, seen_at[number], follows_for);
}

/* Find the stories that are compared with an article, of those that the turn was told of. */
static void find_for(u32 number) {
    rank_for(number);
    found_count = 0;
    for (u32 n = 0; n < ranked_count && found_count < MOST_FOUND; n++)
        if (told_of[ranked[n]].turn == turn) found[found_count++] = ranked[n];
}

/* Find out of which stories the turn is to be told, for all articles, each once; return how many there are.
 *
 * What a later one finds because stories of this turn take the place of others is left: few share less with it. */
EXPORT u32 look_ahead(void) {
    u32 count = 0;
    for (u32 number = 0; number < article_count; number++) {
        rank_for(number);
        for (u32 n = 0; n < ranked_count && n < MOST_FOUND; n++) {
            if (told_of[ranked[n]].turn == turn || told_of[ranked[n]].asked == turn) continue;
            told_of[ranked[n]].asked = turn;
            missing[count++] = ranked[n];
        }
    }
    return count;
}

/* What a story is to an article, and how alike they are. */
static u32 compare(u32 number, u32 n) {
    const struct story *story = story_at(found[n]);
    f64 since = seen_at[number] - seen[found[n]];
    seen_near[n].place = found[n];
    seen_near[n].kind = NO_MORE;
    if (!story || since < -lives_for) return 0;
    f64 apart = days_from(number, story);
    if (since > lives_for) {
        seen_near[n].kind = EARLIER; /* how far apart they are is known, and no reason against it */
        seen_near[n].score = (f32)likeness(number, story);
    } else {
        if (apart > lives_for) return 0;
        seen_near[n].kind = ALIVE;
        seen_near[n].score = (f32)(likeness(number, story) * left_after(apart));
    }
    u32 may_be_copy = seen_near[n].score >= likely_from && is_copied(number, story);
    u32 is_other = seen_near[n].score >= 1 && is_surely_another(number, story);
    u32 worth = may_be_copy || (seen_near[n].score >= 1 && !is_other) ? LIKELY : 0;
    if (cited_count(print_of(number)) || is_citing(story)) worth |= CITING;
    if (seen_near[n].kind == EARLIER) worth <<= 2;
    if (may_be_copy) seen_near[n].kind |= COPY;
    if (is_other) seen_near[n].kind |= OTHER;
    return worth;
}

/* Look for the stories that an article may belong to: how many were found, and above eight bits what of them is worth
 * a closer look. */
EXPORT u32 look(u32 number) {
    u32 worth = 0;
    find_for(number);
    for (u32 n = 0; n < found_count; n++) worth |= compare(number, n);
    return worth << 8 | found_count;
}

/* Begin stories with articles, one after the other, from one place on, until one may belong to a story: which, and in
 * the upper half what `look` has found for it. */
EXPORT u64 begin_stories(u32 from, u32 to, u32 place) {
    for (; from < to; from++) {
        u32 found = look(from);
        if (found >> 8) return (u64)found << 32 | from;
        begin_story(place++, from);
    }
    return to;
}

/* Compare an article once more with the stories that have changed in this turn, but its own: how many are found, and
 * whether one of them is likely to be the same. */
EXPORT u32 look_again(u32 number, u32 own) {
    u32 count = 0, is_likely = 0;
    find_for(number);
    for (u32 n = 0; n < found_count; n++) {
        const struct story *story = story_at(found[n]);
        if (!story || found[n] == own || told_of[found[n]].changed != turn) continue;
        if (__builtin_fabs(seen[found[n]] - seen_at[number]) > lives_for) continue;
        seen_near[count].place = found[n];
        seen_near[count].score = (f32)(likeness(number, story) * left_after(days_from(number, story)));
        is_likely |= seen_near[count++].score >= 1 && !is_surely_another(number, story);
    }
    return is_likely << 8 | count;
}

/* Look again at articles, each with the place of its own story, from one of them on: which is the first whose story
 * is likely to be another's, or has got more articles since it began; so many as there are if none is. */
EXPORT u32 next_likely(u32 pairs_at, u32 count, u32 from) {
    const u32 *pairs = (const u32 *)pairs_at;
    for (u32 n = from; n < count; n++) {
        const struct story *own = story_at(pairs[2 * n + 1]);
        if (!own || own->count != 1 || own->groups[0].articles > 1 || look_again(pairs[2 * n], pairs[2 * n + 1]) >> 8)
            return n;
    }
    return count;
}

/* Compare an article with a story that was told, wherever it is filed: the score is the first. */
EXPORT void liken(u32 number, u32 place) {
    check_article(number);
    check_place(place);
    const struct story *story = story_at(place);
    if (!story) __builtin_trap();
    seen_near[0].score = (f32)(likeness(number, story) * left_after(days_from(number, story)));
}
