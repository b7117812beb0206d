/* Which terms an article may hold that was looked up: what stands beside a word that leads, what a compound goes on with. */
#ifndef BESIDE_H
#define BESIDE_H

#include "said.h"

#define SHORTEST_REST 4u
#define NEAR_BY 8
#define MOST_PLACES 256u

/* An article: the numbers of its words. */
typedef struct {
    const Language *language;
    const i32 *words;
    u32 count;
} Article;

static Row tried, tried_ways, masks;

/* What was found out about two words, until others take the place: sums of what they are, the last bit says it. */
#define MOST_KEPT (1u << 14)
static u64 kept[MOST_KEPT];

static inline u64 sum_of_pair(const Article *article, u32 place, u32 length, u32 number) {
    u64 sum = (u64)article->language->time << 32 | (u32)article->words[place];
    sum = (sum * 0x9e3779b97f4a7c15ull ^ length) * 0xff51afd7ed558ccdull;
    return (sum ^ sum >> 29 ^ number) * 0xc4ceb9fe1a85ec53ull | 1;
}

static inline u64 *kept_at(u64 sum) { return &kept[sum >> 32 & (MOST_KEPT - 1)]; }

static inline const i32 *heard_at(const Article *article, u32 place) {
    u32 word = (u32)article->words[place];
    if (word >= article->language->words.count || numbers_of(&article->language->words)[word] < 0) __builtin_trap();
    return numbers_of(&article->language->heard) + numbers_of(&article->language->words)[word];
}

/* The places of a slot, the smallest first, behind their count; until the next slot is asked for. */
static const i32 *places_of(u32 slot) { return numbers_of(&literals) + literal_of(slot); }

/* Which of the places is the first that is not before one. */
static i32 first_from(const i32 *places, i32 place) {
    i32 low = 0, high = places[0];
    while (low < high) {
        i32 middle = (low + high) / 2;
        if (places[1 + middle] < place) low = middle + 1;
        else high = middle;
    }
    return low;
}

static int is_there(u32 slot, i32 place) {
    const i32 *places = places_of(slot);
    i32 at = first_from(places, place);
    return at < places[0] && places[1 + at] == place;
}

static int sounds_alike(const Article *article, const Word *word, u32 place) {
    const i32 *heard = heard_at(article, place);
    const i32 *letters = numbers_of(&article->language->letters) + heard[FOLDED];
    for (i32 n = 0; n < heard[SOUNDS]; n++) {
        const i32 *sound = heard + OF_WORD + n * OF_SOUND;
        if ((u32)sound[GROUP] < word->group) continue;
        Heard said = {.length = (u32)sound[LENGTH], .profile = (u32)sound[PROFILE], .is_open = (u32)sound[OPEN],
                      .sounds = bytes_of(&article->language->sounds) + sound[AT]};
        listen_to(&said);
        if (is_heard(word, &said, article->language, letters, (u32)heard[FOLDED_LENGTH])) return 1;
    }
    return 0;
}

static inline u64 mask_at(u32 place) { return ((const u64 *)masks.at)[place]; }

/* Whether the word at a place may be a word of rules. */
static int is_alike(const Article *article, u32 number, u32 place) {
    const Word *word = word_at(number);
    if (!(mask_at(place) & word->mask)) return 0;
    u64 sum = sum_of_pair(article, place, 0, number), *known = kept_at(sum);
    if ((*known | 1) != sum) *known = sum - !sounds_alike(article, word, place);
    return *known & 1;
}

/* The bits of the words that answer a slot by their sounds. */
static u64 mask_of(const i32 *slot) {
    u64 mask = 0;
    for (i32 n = 0; n < slot[1]; n++) mask |= word_at((u32)slot[2 + n])->mask;
    return mask;
}

static int is_any(const Article *article, const i32 *slot, u32 place) {
    for (i32 n = 0; n < slot[1]; n++)
        if (is_alike(article, (u32)slot[2 + n], place)) return 1;
    return 0;
}

static void found(i32 term, i32 place) { push(&output, term), push(&output, place); }

/* Write the places of the words next to one, and those behind words that do not count; of a run that one, too. */
static u32 neighbours(const Article *article, u32 place, u32 *near) {
    u32 count = 0;
    if (heard_at(article, place)[FLAGS] & IS_RUN) near[count++] = place;
    for (i32 step = -1; step <= 1; step += 2) {
        for (i32 at = (i32)place + step; at >= 0 && at < (i32)article->count && count < 256; at += step) {
            near[count++] = (u32)at;
            if (!(heard_at(article, (u32)at)[FLAGS] & IS_SMALL)) break;
        }
    }
    return count;
}

/* Note a way of which a word is several words, and what of it stands around. */
static void find_around(const Article *article, u32 number, u32 place) {
    const i32 *way = way_of(number), *slot = way + OF_WAY;
    i32 reach_ = NEAR_BY * way[SLOTS], from = (i32)place - reach_, to = (i32)place + reach_ + 1;
    found(way[TERM], (i32)place);
    if (way[SLOTS] <= 2) return;
    for (i32 n = 0; n < way[SLOTS]; n++, slot += 2 + slot[1])
        for (i32 near = from < 0 ? 0 : from; near < to && near < (i32)article->count; near++)
            if (is_there((u32)slot[0], near) || is_any(article, slot, (u32)near)) found(way[TERM], near);
}

/* Note a way of two words if the other one stands beside a place where the leading one does. */
static void find_beside(const Article *article, u32 number, u32 place, int is_literal) {
    const i32 *way = way_of(number), *other = way + OF_WAY;
    other += 2 + other[1];
    u32 near[257], count = neighbours(article, place, near);
    for (u32 n = 0; n < count; n++) {
        if ((!is_literal && is_there((u32)other[0], (i32)near[n])) ||
            is_any(article, other, near[n])) {
            found(way[TERM], (i32)place);
            found(way[TERM], (i32)near[n]);
        }
    }
}

/* Whether any other word of a way stands beside a place. */
static int has_beside(const Article *article, const i32 *way, u32 place) {
    u32 near[257], count = neighbours(article, place, near);
    const i32 *slot = way + OF_WAY;
    for (i32 at = 1; at < way[SLOTS]; at++) {
        slot += 2 + slot[1];
        for (u32 n = 0; n < count; n++)
            if (is_there((u32)slot[0], (i32)near[n]) || is_any(article, slot, near[n])) return 1;
    }
    return 0;
}

/* Note a way of more than two words if every word stands near a place. */
static void find_long(const Article *article, u32 number, u32 place) {
    const i32 *way = way_of(number), *slot = way + OF_WAY;
    i32 reach_ = NEAR_BY * way[SLOTS], from = (i32)place - reach_, to = (i32)place + reach_ + 1;
    if (from < 0) from = 0;
    if (to > (i32)article->count) to = (i32)article->count;
    u32 before = output.count;
    for (i32 quick = 1; quick >= 0; quick--) { /* what may fail first, and costs little */
        slot = way + OF_WAY;
        for (i32 n = 0; n < way[SLOTS]; n++, slot += 2 + slot[1]) {
            const i32 *places = places_of((u32)slot[0]);
            i32 at = first_from(places, from);
            int is_answered = at < places[0] && places[1 + at] < to;
            u64 mask = mask_of(slot);
            if (quick) {
                for (i32 near = from; near < to && !is_answered; near++) is_answered = (mask_at((u32)near) & mask) != 0;
                if (!is_answered) return;
                continue;
            }
            for (; at < places[0] && places[1 + at] < to; at++) found(way[TERM], places[1 + at]);
            for (i32 near = from; near < to; near++) {
                if (mask_at((u32)near) & mask && is_any(article, slot, (u32)near)) found(way[TERM], near), is_answered = 1;
            }
            if (!is_answered) {
                output.count = before;
                return;
            }
        }
    }
    found(way[TERM], (i32)place);
}

static void led(const Article *article, u32 number, u32 place, int is_literal) {
    const i32 *way = way_of(number);
    if (way[SLOTS] <= 2) {
        find_beside(article, number, place, is_literal);
        return;
    }
    if (!is_literal && !has_beside(article, way, place)) return;
    reach(&tried, number);
    i32 *times = &numbers_of(&tried)[number];
    if (!*times) push(&tried_ways, (i32)number);
    if ((u32)*times < MOST_PLACES) {
        ++*times;
        find_long(article, number, place);
    }
}

/* Whether a word goes on, behind a link, with what sounds like a word of rules. */
static int goes_on(const Article *article, u32 number, const u32 *rest, u32 length) {
    for (u32 n = 0; n < links_known; n++) {
        u32 size = link_lengths[n], same = 0;
        if (length < size + SHORTEST_REST) continue;
        while (same < size && rest[same] == link_letters[n][same]) same++;
        if (same < size) continue;
        u8 sounds[MOST_SOUNDS];
        u32 script = script_in(rest + size, length - size);
        u32 count = to_sounds(rest + size, length - size, script, (int)article->language->j_is_i, sounds);
        Heard heard = {.length = count, .profile = scripts[script].profile, .sounds = sounds};
        listen_to(&heard);
        if (is_near(wanted_at(word_at(number)->wanted), &heard, &article->language->endings, 0)) return 1;
    }
    return 0;
}

static int may_go_on(const Article *article, u32 number, u32 place, const u32 *rest, u32 length) {
    u64 sum = sum_of_pair(article, place, length, number), *known = kept_at(sum);
    if ((*known | 1) != sum) *known = sum - !goes_on(article, number, rest, length);
    return *known & 1;
}

/* Note ways of which a word begins with a slot's word and goes on with a cognate of another one's. */
static void find_compounds(const Article *article, u32 slot, i32 place, const u32 *rest, u32 length) {
    Row *both[2] = {&led_by, &others_by};
    for (u32 n = 0; n < 2; n++) {
        u32 list = slot < both[n]->count ? (u32)numbers_of(both[n])[slot] : 0;
        for (; list; list = rest_of(list)) {
            u32 number = (u32)number_in(list);
            if (!(flags_of(article->language, number) & COUNTS)) continue;
            const i32 *way = way_of(number);
            const i32 *each = way + OF_WAY;
            for (i32 at = 0; at < way[SLOTS]; at++, each += 2 + each[1]) {
                if (each[1] && may_go_on(article, (u32)each[2], (u32)place, rest, length)) {
                    find_around(article, number, (u32)place);
                    break;
                }
            }
        }
    }
}

/* Note ways of which a word begins with a word of rules, by all slots that this one answers alone. */
static void find_heads(const Article *article, u32 word, u32 place) {
    const Anchor *anchor = anchor_at(word);
    const u32 *rest = folded_at(place) + anchor->length;
    u32 length = folded_length(place) - anchor->length;
    for (u32 list = anchor->filed; list; list = rest_of(list)) {
        u32 number = (u32)number_in(list) / 2, is_joined = (u32)number_in(list) & 1;
        if (!is_joined && numbers_of(&text_words)[text_at(number)->words] > 1) continue;
        u32 lists[] = {text_at(number)->slots, slots_in(tongue_of(met_in), number)};
        for (u32 n = 0; n < 2; n++)
            for (u32 slot = lists[n]; slot; slot = rest_of(slot))
                find_compounds(article, (u32)number_in(slot), (i32)place, rest, length);
    }
}

/* Read the article that was met, and whose words were looked up. Returns how many terms were found, each with a place. */
EXPORT u32 read(u32 number) {
    Article article = {language_of(number), numbers_of(&article_words), article_words.count};
    output.count = tried_ways.count = 0;
    widen(&masks, article.count * 8);
    for (u32 place = 0; place < article.count; place++) {
        const i32 *heard = heard_at(&article, place);
        ((u64 *)masks.at)[place] = (u32)heard[MASK] | (u64)(u32)heard[MASK + 1] << 32;
    }
    for (u32 n = 0; n < found_heads.count; n += 2)
        find_heads(&article, (u32)numbers_of(&found_heads)[n], (u32)numbers_of(&found_heads)[n + 1]);
    for (u32 place = 0; place < article.count; place++) {
        const i32 *heard = heard_at(&article, place), *some = heard + OF_WORD + heard[SOUNDS] * OF_SOUND;
        for (i32 n = 0; n < heard[LEADS]; n++) led(&article, (u32)some[n], place, 0);
        for (i32 n = 0; n < heard[TERMS]; n++) find_around(&article, (u32)some[heard[LEADS] + n], place);
    }
    for (u32 at = 0; at < met_slots.count; at++) {
        u32 slot = (u32)numbers_of(&met_slots)[at];
        u32 list = slot < led_by.count ? (u32)numbers_of(&led_by)[slot] : 0;
        for (; list; list = rest_of(list)) {
            if (!(flags_of(article.language, (u32)number_in(list)) & COUNTS)) continue;
            u32 from = literal_of(slot), some = (u32)numbers_of(&literals)[from];
            for (u32 n = 0; n < some; n++) led(&article, (u32)number_in(list), (u32)numbers_of(&literals)[from + 1 + n], 1);
        }
    }
    for (u32 n = 0; n < tried_ways.count; n++) numbers_of(&tried)[numbers_of(&tried_ways)[n]] = 0;
    return output.count / 2;
}

#endif
