/* Where in an article that was looked up words may be words of rules in another spelling. */
#ifndef ALIKE_H
#define ALIKE_H

#include "said.h"

/* An article: the numbers of its words. */
typedef struct {
    Language *language;
    const i32 *words;
    u32 count;
} Article;

static Row masks; /* of words */
static Row ones_before, ones; /* how many words before each are one between others, as `is_one_between` says; where these stand */
static Row reaches; /* from each word to those that stand beside it, and to which it may be linked */

/* What was found out about two words, until others take the place: sums of what they are, the last bit says it. The more words rules
 * have, the more places.
 */
#define LEAST_KEPT (1u << 14)
#define MOST_KEPT (1u << 20)
static Row kept;

static void make_room(void) {
    u32 places = LEAST_KEPT;
    while (places < MOST_KEPT && places < words.count * 16) places *= 2;
    if (kept.count >= places) return;
    leave(&kept), widen(&kept, places * 8);
    fill((void *)kept.at, 0, places * 8), kept.count = places;
}

static inline const i32 *heard_at(const Article *article, u32 place) {
    u32 word = (u32)article->words[place];
    if (word >= article->language->words.count || numbers_of(&article->language->words)[word] < 0) __builtin_trap();
    return numbers_of(&article->language->heard) + numbers_of(&article->language->words)[word];
}

/* The places of a slot, the smallest first, behind their count; until the next slot is asked for. */
static const i32 *places_of(u32 slot) {
    u32 at = literal_of(slot); /* after which they may lie elsewhere */
    return numbers_of(&literals) + at;
}

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

/* Whether letters answer a slot between two places. */
static int is_there_between(u32 slot, i32 from, i32 to) {
    const i32 *places = places_of(slot);
    i32 at = first_from(places, from);
    return at < places[0] && places[1 + at] <= to;
}

static int is_there(u32 slot, i32 place) { return state_of(slot) && is_there_between(slot, place, place); }

static int sounds_alike(const Article *article, const Word *word, const Wanted *own, u32 place) {
    const i32 *heard = heard_at(article, place);
    u32 length = heard[FLAGS] & IS_RUN ? 0 : folded_length(place);
    for (u32 n = 0; n < sounds_in(heard); n++) {
        const i32 *sound = heard + OF_WORD + n * OF_SOUND;
        if (((u32)sound[SAID_AS] >> 16 & 255) < word->group) continue;
        Heard said = said_at(article->language, sound);
        if (is_heard(word, own, &said, article->language, folded_at(place), length)) return 1;
    }
    return 0;
}

static inline u64 mask_at(u32 place) { return ((const u64 *)masks.at)[place]; }

/* The masks of the words beside one, and of itself and those to which it may be linked; the first and the last one of these, itself at
 * least; whether any of the latter is a run.
 */
typedef struct {
    u64 near_mask, linked_mask;
    u32 near_from, near_to, linked_from, linked_to, is_beside_a_run;
} Reach;

static inline const Reach *reach_of(u32 place) { return (const Reach *)reaches.at + place; }

/* Blocks of the article's places, a bit each: of one place, or of two, four, and so on, so that all of them are BLOCKS. */
#define BLOCKS 512u
typedef struct {
    v128_t bits[BLOCKS / 128];
} Blocks;

/* Where words stand that have a key (by twice the key, and 1 if it has a mark), and those that may be a word of rules. */
static u32 standing[2 * KEYS], block_shift, are_places_known; /* of the article that is read */
static u8 bits_of_standing[KEYS / 4 + 1]; /* which of these are any, so that most keys are passed by at a glance */
static inline int stands(u32 key) { return bits_of_standing[key / 8] >> key % 8 & 1; }
static Row standing_keys, blocks, alike;
#define BORROWED 860 /* thousandths: so like are words on average that a text borrows together */
#define COGNATE 920  /* and none is more like than this, but in a run: there one may be */
#define JUST_ALIKE 1000

/* Which blocks are those of a word of rules, and of which article. */
typedef struct {
    u32 stamp, blocks;
} Alike;

static inline Blocks *blocks_at(u32 number) { return (Blocks *)blocks.at + number; }
static inline void set_block(Blocks *some, u32 block) { ((u64 *)some->bits)[block / 64] |= 1ull << block % 64; }
static inline void clear_block(Blocks *some, u32 block) { ((u64 *)some->bits)[block / 64] &= ~(1ull << block % 64); }
static inline u64 block_bit(const Blocks *some, u32 block) { return ((const u64 *)some->bits)[block / 64] >> block % 64 & 1; }

/* New blocks, none of them set; 0 are those of nothing. */
static u32 new_blocks(void) {
    widen(&blocks, (blocks.count + 2) * sizeof(Blocks)); /* one more: `any_between` reads beyond the last one */
    *blocks_at(blocks.count) = (Blocks){0};
    return blocks.count++;
}

/* Whether any block is set between two, as far as it is told at once. */
#define TOLD_AT_ONCE 56u
static inline int any_between(const Blocks *some, u32 from, u32 to) {
    u64 bits;
    if (to - from >= TOLD_AT_ONCE) return 1;
    __builtin_memcpy(&bits, (const u8 *)some + from / 8, 8);
    return (bits >> from % 8 & ((2ull << (to - from)) - 1)) != 0;
}

/* Gather where the words of the article stand by their keys, and these keys' beginnings. */
static void know_keys(const Article *article) {
    for (u32 n = 0; n < standing_keys.count; n++) standing[numbers_of(&standing_keys)[n]] = 0;
    fill(bits_of_standing, 0, sizeof bits_of_standing);
    reach(&alike, words.count * 2);
    standing_keys.count = blocks.count = block_shift = 0;
    new_blocks();
    while (article->count >> block_shift >= BLOCKS) block_shift++;
    for (u32 place = 0; place < article->count; place++) {
        const i32 *heard = heard_at(article, place), *own = keys_in(heard);
        for (i32 n = 0; n < heard[KEYS_OF_WORD]; n++) {
            for (u32 key = (u32)own[n] / 2; key; key = (key - 1) / 6) {
                u32 *known = &standing[key * 2 + (own[n] & 1)];
                if (!*known) {
                    *known = new_blocks(), push(&standing_keys, (i32)(key * 2) + (own[n] & 1));
                    bits_of_standing[key / 4] |= (u8)(1 << (key % 4 * 2 + (u32)(own[n] & 1)));
                }
                if (block_bit(blocks_at(*known), place >> block_shift)) break;
                set_block(blocks_at(*known), place >> block_shift);
            }
        }
    }
}

/* Where words stand that may be a word of rules, since they have one of its keys, until they are compared and are not. */
static Blocks *may_be_at(u32 number) {
    Alike *known = (Alike *)alike.at + number;
    if (known->stamp != article_stamp) {
        const i32 *own = numbers_of(&word_keys) + word_at(number)->keys;
        *known = (Alike){.stamp = article_stamp};
        for (i32 n = 1; n <= own[0]; n++) {
            if (!stands((u32)own[n])) continue;
            if (!known->blocks) known->blocks = new_blocks();
            Blocks *all = blocks_at(known->blocks);
            const Blocks *some = blocks_at(standing[own[n]]);
            for (u32 at = 0; at < BLOCKS / 128; at++) all->bits[at] = wasm_v128_or(all->bits[at], some->bits[at]);
        }
    }
    return blocks_at(known->blocks);
}

/* Whether the word at a place may be a word of rules. */
static int is_alike(const Article *article, u32 number, u32 place) {
    Blocks *some = may_be_at(number);
    if (!block_bit(some, place >> block_shift)) return 0;
    const Word *word = word_at(number);
    u64 sum = (u64)article->language->time << 32 | (u32)article->words[place];
    sum = (sum * 0x9e3779b97f4a7c15ull ^ number) * 0xff51afd7ed558ccdull | 1;
    u64 *known = (u64 *)kept.at + (sum >> 32 & (kept.count - 1));
    if ((*known | 1) != sum) *known = sum - !sounds_alike(article, word, wanted_at(word->wanted), place);
    if (!(*known & 1) && !block_shift) clear_block(some, place);
    return *known & 1;
}

static int is_any(const Article *article, const i32 *slot, u32 place) {
    for (i32 n = 0; mask_at(place) & mask_of(slot) && n < slot[SLOT_WORDS]; n++)
        if (is_alike(article, (u32)slot[OF_SLOT + n], place)) return 1;
    return 0;
}

/* Whether any word between two places answers a slot by its sound. */
static int is_any_between(const Article *article, const i32 *slot, u32 from, u32 to) {
    for (i32 n = 0; n < slot[SLOT_WORDS]; n++) {
        u32 number = (u32)slot[OF_SLOT + n];
        const Blocks *some = may_be_at(number);
        for (u32 block = from >> block_shift; block <= to >> block_shift; block++) {
            u64 left_over = ((const u64 *)some->bits)[block / 64] >> block % 64;
            if (!left_over) block |= 63;
            else block += (u32)__builtin_ctzll(left_over);
            u32 first = block << block_shift, end = (block + 1) << block_shift;
            for (u32 place = first; left_over && place < end; place++)
                if (place >= from && place <= to && is_alike(article, number, place)) return 1;
        }
    }
    return 0;
}

/* Whether a word may stand between two as if it did not: a small word, a middle name, an initial. */
static int may_not_count(const Article *article, u32 at) { return heard_at(article, at)[FLAGS] & IS_SMALL || is_initial(at); }

/* Write the places of the words next to one, and those behind words that do not count and initials; of a run that one, too. */
static u32 neighbours(const Article *article, u32 place, u32 *near) {
    u32 count = 0;
    if (heard_at(article, place)[FLAGS] & IS_RUN) near[count++] = place;
    for (i32 step = -1; step <= 1; step += 2) {
        for (i32 at = (i32)place + step; at >= 0 && at < (i32)article->count && count < 256; at += step) {
            near[count++] = (u32)at;
            if (!may_not_count(article, (u32)at)) break;
        }
    }
    return count;
}

/* How many words between two places are one there. */
static i32 ones_between(i32 left, i32 right) { return numbers_of(&ones_before)[right] - numbers_of(&ones_before)[left + 1]; }

/* How far one comes before a place, or behind it, past so many words less one. */
static i32 far_before(i32 place, i32 most) {
    i32 at = numbers_of(&ones_before)[place] - most;
    return at < 0 ? 0 : numbers_of(&ones)[at];
}

static i32 far_behind(i32 place, i32 most, i32 last) {
    i32 at = numbers_of(&ones_before)[place + 1] + most - 1;
    return at < (i32)ones.count ? numbers_of(&ones)[at] : last;
}

/* The next word behind one, step by step, to which a first one may be linked that is known by its sound; less than 0 for none. Behind
 * a run there may be more.
 */
static i32 next_linked(const Article *article, u32 first, i32 at, i32 step) {
    if (at != (i32)first && !may_not_count(article, (u32)at)) return -1;
    at += step;
    if (at < 0 || at >= (i32)article->count || (at - (i32)first) * step > (i32)MOST_BETWEEN + 1) return -1;
    i32 between = step < 0 ? ones_between(at, (i32)first) : ones_between((i32)first, at);
    return between <= (i32)(STOPS_BETWEEN + OTHERS_BETWEEN) ? at : -1;
}

/* Gather the masks of the words, and how far those beside each reach, and those to which it may be linked. */
static void know_masks(const Article *article) {
    widen(&masks, article->count * 8), widen(&reaches, article->count * sizeof(Reach));
    ones.count = ones_before.count = 0;
    push(&ones_before, 0);
    for (u32 place = 0; place < article->count; place++) {
        if (is_one_between(place)) push(&ones, (i32)place);
        push(&ones_before, (i32)ones.count);
        const i32 *heard = heard_at(article, place);
        ((u64 *)masks.at)[place] = (u32)heard[MASK] | (u64)(u32)heard[MASK + 1] << 32;
    }
    for (u32 place = 0; place < article->count; place++) {
        u32 near[257], count = neighbours(article, place, near);
        Reach own = {0, mask_at(place), place, place, place, place, 0};
        for (u32 n = 0; n < count; n++) {
            if (near[n] < own.near_from) own.near_from = near[n];
            if (near[n] > own.near_to) own.near_to = near[n];
            own.near_mask |= mask_at(near[n]);
        }
        for (i32 step = -1; step <= 1; step += 2) {
            for (i32 at = (i32)place; (at = next_linked(article, place, at, step)) >= 0;) {
                *(step < 0 ? &own.linked_from : &own.linked_to) = (u32)at;
                own.linked_mask |= mask_at((u32)at);
                own.is_beside_a_run |= heard_at(article, (u32)at)[FLAGS] & IS_RUN;
            }
        }
        *((Reach *)reaches.at + place) = own;
    }
}

/* Gather what is asked of the places of the article, once; most articles in a language of the rules need it not. */
static void know_places(const Article *article) {
    if (are_places_known) return;
    are_places_known = 1;
    know_masks(article), know_keys(article);
}

#define SAME 900     /* so like is a word that sounds the same */
#define LIKE_STEP 4  /* so exactly it is found out how like a word is, in thousandths */
#define MOST_A_SLOT_COUNTS 8u

/* How much a slot counts among those of its way, as rules/patterns/slots.py says; 0 if its first word does not tell. */
static i32 weight_of_slot(const i32 *slot) {
    u32 length = slot[SLOT_WORDS] ? word_at((u32)slot[OF_SLOT])->length : 0;
    return (i32)(length < MOST_A_SLOT_COUNTS ? length : MOST_A_SLOT_COUNTS);
}

/* Whether the word at a place is so like any word of a slot, or one of its first few. */
#define ALL_WORDS 0x7fffffff
static int is_as_like(const Article *article, const i32 *slot, i32 few, u32 place, i32 like) {
    for (i32 n = 0; n < slot[SLOT_WORDS] && n < few; n++) {
        const Word *word = word_at((u32)slot[OF_SLOT + n]);
        Wanted own = as_like(wanted_at(word->wanted), like);
        if (sounds_alike(article, word, &own, place)) return 1;
    }
    return 0;
}

/* What the likeness of two words must be together: how much that of each counts, the least sum, and more than which none is. */
typedef struct {
    i32 weight, rest, sum, most;
} Together;

/* Whether two words are like enough together: the likeness of one is found out, and with it how like the other must be at least. */
static int are_so_like(const Article *article, const i32 *one, u32 place, const i32 *other, u32 near, i32 few, const Together *least) {
    i32 low = (least->sum - least->rest * least->most) / least->weight, high = least->most + 1;
    if (!is_as_like(article, one, few, place, low)) return 0;
    while (high - low > LIKE_STEP) {
        i32 middle = (low + high) / 2;
        if (is_as_like(article, one, few, place, middle)) low = middle;
        else high = middle;
    }
    return is_as_like(article, other, few, near, (least->sum - least->weight * high) / least->rest);
}

/* Whether two words, of which none is more like than COGNATE by its sound, are as like as their way must be; what letters say is
 * just as a rule has it.
 */
static int are_like_enough(const Article *article, u32 number, const i32 *one, u32 place, const i32 *other, u32 near) {
    Together least = {.weight = weight_of_slot(one), .rest = weight_of_slot(other), .most = COGNATE};
    least.sum = head_of(number)->least * (least.weight + least.rest);
    if (!least.sum || !least.weight || !least.rest) return 1;
    if ((heard_at(article, place)[FLAGS] | heard_at(article, near)[FLAGS]) & IS_RUN) return 1;
    return are_so_like(article, one, place, other, near, ALL_WORDS, &least);
}

/* Whether a text may borrow two words, one behind the other, by the first spelling of each: rules/evaluate/evaluation.py. In a run
 * they may be one in the other, and just alike.
 */
static int may_be_borrowed(const Article *article, const i32 *one, u32 place, const i32 *other, u32 near) {
    Together least = {1, 1, 2 * BORROWED, COGNATE};
    u32 left = place < near ? place : near, right = place < near ? near : place;
    if ((heard_at(article, left)[FLAGS] | heard_at(article, right)[FLAGS]) & IS_RUN) least.most = JUST_ALIKE;
    else if (right - left != 1) return 0;
    for (u32 at = (u32)numbers_of(&tos)[left]; least.most == COGNATE && at < (u32)numbers_of(&froms)[right]; at++)
        if (!is_between(at)) return 0;
    return are_so_like(article, one, place, other, near, 1, &least);
}

/* Whether the word at a place is a common one, and so no other spelling of a slot's, unless it sounds the same or is small:
 * rules/evaluate/counting.py. Only where names have no capitals.
 */
static int is_common_there(const Article *article, const i32 *slot, u32 place) {
    if (weight_of_slot(slot) <= (i32)LONGEST_SMALL || heard_at(article, place)[FLAGS] & IS_RUN) return 0;
    if (flags_of_letter(*written_at(place)) & HAS_CAPITALS) return 0;
    return is_everyday(article->language, folded_at(place), folded_length(place)) && !is_as_like(article, slot, ALL_WORDS, place, SAME);
}

/* Whether a word is spelled as the name of a slot, or is so much farther from it than one alone may be, in thousandths. */
static int is_spelled(const Article *article, const i32 *slot, u32 place, i32 slack) {
    const i32 *heard = heard_at(article, place);
    for (i32 n = 0; n < slot[SLOT_WORDS]; n++)
        for (u32 each = 0; each < sounds_in(heard); each++)
            if (may_be_spelled(wanted_at(word_at((u32)slot[OF_SLOT + n])->wanted), heard + OF_WORD + each * OF_SOUND, article->language, slack))
                return 1;
    return 0;
}

static int is_told_by_spelling(const Article *article, u32 place) {
    u32 heard = (u32)(heard_at(article, place) - numbers_of(&article->language->heard));
    return (writing_of(&(Hearing){.language = article->language, .place = heard, .at = place}) & AS_SPELLED) != 0;
}

/* Whether two words that sound like those of a name may be it: never less than rules/evaluate/heard_together.py says. */
static int are_a_name(const Article *article, const i32 *one, u32 place, const i32 *other, u32 near, int in_order) {
    enum { BESIDE_ANOTHER = 500, SURE = -250 };
    i32 most = in_order ? BESIDE_ANOTHER : 0;
    if (place != near && article->words[place] == article->words[near] && one[OF_SLOT] != other[OF_SLOT]) return 0;
    if (!in_order && flags_of_letter(*written_at(place < near ? place : near)) & HAS_CAPITALS)
        return is_as_like(article, one, ALL_WORDS, place, SAME) && is_as_like(article, other, ALL_WORDS, near, SAME);
    if (!is_told_by_spelling(article, place) || !is_told_by_spelling(article, near)) return 1;
    if (is_spelled(article, one, place, most) && is_spelled(article, other, near, most)) return 1;
    return in_order && (is_spelled(article, one, place, SURE) || is_spelled(article, other, near, SURE));
}

/* Whether a clause ends between two words. */
static int is_end_between(u32 one, u32 other) {
    return one < other ? are_parted(one, other, 0) : are_parted(other, one, 0);
}

#endif
