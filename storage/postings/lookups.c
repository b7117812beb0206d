/* Which articles of a segment fit a lookup. See `pages.h`.
 *
 * A lookup is told once: its tokens, sorted and each once, and its tree. Then for each segment it is asked which of its
 * pages are needed, and with these, which of its articles fit.
 *
 * Of a page that is asked for often a summary is made: bits that say of most tokens that none in it begins so. A word that
 * may end others is asked for by a thousand beginnings, one or more in each page of ends, and in nearly all in vain.
 */
#include "pages.h"

enum { TOKEN, ALL, ANY, NEAR, MOST_TOKENS = 65536, DEEPEST = 256 };

typedef struct {
    const u8 *token;
    u32 length, begins; /* whether other tokens may begin with it */
    u64 key, sum; /* `sum`: as in summaries; 0 for those too short for them */
    u32 found;    /* 1 + the last of its lists */
} Sought;

typedef struct {
    const u8 *list, *end;
    u32 before; /* 1 + another list of what is sought */
} Found;

static Sought *sought;
static u32 count;
static const u32 *tree;

static Found *lists;
static u32 listed, lists_room;

/* Of what is sought, what begins the token that is looked at, or is it: each begins the next one. */
static u32 open[2 * LONGEST_TOKEN + 4], opened, next_sought;

/* Of how many bytes the beginnings of tokens are that summaries tell of; and how many bits each has room for, and sets. */
static const u32 noted_lengths[] = {4, 6, 9, 12};
enum { NOTED = 4, ROOM_OF_EACH = 10, SET_OF_EACH = 4 };

/* Of a beginning of a token: of more than 8 bytes those behind count by themselves. */
static u64 sum_of(const u8 *token, u32 length) {
    u64 sum = (key_of(token, length < 8 ? length : 8) + length) * 0x9E3779B97F4A7C15ull;
    if (length > 8) sum = (sum ^ key_of(token + 8, length - 8)) * 0xD6E8FEB86659FD93ull;
    sum = (sum ^ sum >> 32) * 0x9E3779B97F4A7C15ull;
    sum ^= sum >> 29;
    return sum ? sum : 1;
}

static u64 sum_of_longest(const u8 *token, u32 length) {
    u32 noted = NOTED;
    while (noted && noted_lengths[noted - 1] > length) noted--;
    return noted ? sum_of(token, noted_lengths[noted - 1]) : 0;
}

/* A summary: how many bits it has, a power of two, and these. */
static u32 bit_of(u64 sum, u32 each, u32 bits) { return ((u32)sum + each * (u32)(sum >> 32)) & (bits - 1); }

static u32 may_have(const u32 *summary, u64 sum) {
    const u8 *set = (const u8 *)(summary + 1);
    if (!sum) return 1;
    for (u32 each = 0; each < SET_OF_EACH; each++) {
        u32 bit = bit_of(sum, each, *summary);
        if (!(set[bit / 8] >> bit % 8 & 1)) return 0;
    }
    return 1;
}

/* From an address on: how many tokens, and for each where it lies, of how many bytes it is, and whether it only begins.
 * From another on the tree: TOKEN and its number, or ALL, ANY, NEAR with how many parts, of NEAR how many lines they may
 * be apart and whether they are in order, and the parts. What is told stays until `release`. */
EXPORT void seek(u32 tokens_at, u32 tree_at) {
    const u32 *given = (const u32 *)tokens_at;
    count = *given++;
    if (count > MOST_TOKENS) __builtin_trap();
    sought = (Sought *)take(count * (u32)sizeof(Sought));
    for (u32 each = 0; each < count; each++, given += 3) {
        const u8 *token = (const u8 *)given[0];
        if (given[1] > LONGEST_TOKEN) __builtin_trap();
        u64 sum = sum_of_longest(token, given[1]);
        sought[each] = (Sought){token, given[1], given[2], key_of(token, given[1]), sum, 0};
    }
    tree = (const u32 *)tree_at;
}

static u32 begins_with(const u8 *token, u32 length, const Sought *with) {
    if (with->length > length) return 0;
    for (u32 at = 0; at < with->length; at++)
        if (token[at] != with->token[at]) return 0;
    return 1;
}

/* Below, at or above 0 as what is sought stands before, at or behind a token. */
static i32 stands(const Sought *one, const u8 *token, u32 length, u64 key) {
    if (one->key != key) return one->key < key ? -1 : 1;
    return compared(one->token, one->length, token, length);
}

static void from_the_first(void) { opened = next_sought = 0; }

/* Look at a token, which stands behind all before: `open` has what of the sought begins it. */
static void look_at(const u8 *token, u32 length, u64 key) {
    while (next_sought < count && stands(sought + next_sought, token, length, key) <= 0) {
        const Sought *one = sought + next_sought;
        while (opened && !begins_with(one->token, one->length, sought + open[opened - 1])) opened--;
        open[opened++] = next_sought++;
    }
    while (opened && !begins_with(token, length, sought + open[opened - 1])) opened--;
}

static u32 is_wanted(u32 number, u32 length) { return sought[number].begins || sought[number].length == length; }

static u32 is_any_wanted(u32 length) {
    for (u32 each = 0; each < opened; each++)
        if (is_wanted(open[each], length)) return 1;
    return 0;
}

/* Whether a page may have what stands behind its first token and not behind that of the next, `until`, if there is one. */
static u32 may_be_within(const u8 *until, const u32 *summary) {
    u64 key = until ? key_of(until + 1, *until) : 0;
    for (u32 each = next_sought; each < count; each++) {
        const Sought *one = sought + each;
        if (until && stands(one, until + 1, *until, key) > 0) return 0;
        if (!summary || may_have(summary, one->sum)) return 1;
    }
    return 0;
}

/* Say which pages may have what is sought, given the first token of each, with its length before it, and where their
 * summaries are: how far behind an address, and 1, or 0 for none. Writes the numbers of these pages to an address, which
 * has room for all, and returns how many they are. */
EXPORT u32 pages(u32 firsts_at, u32 bytes, u32 places_at, u32 summaries_at, u32 to_at) {
    const u8 *at = (const u8 *)firsts_at, *end = at + bytes;
    const u32 *places = (const u32 *)places_at;
    u32 *to = (u32 *)to_at, needed = 0;
    from_the_first();
    for (u32 page = 0; at < end; page++) {
        u32 length = *at++;
        const u8 *token = at, *next = at += length;
        if (at > end || length > LONGEST_TOKEN) __builtin_trap();
        look_at(token, length, key_of(token, length));
        const u32 *summary = places[page] ? (const u32 *)(summaries_at + places[page] - 1) : 0;
        if (is_any_wanted(length) || may_be_within(next < end ? next : 0, summary)) to[needed++] = page;
    }
    return needed;
}

/* Write how the tokens of a page begin, but for what the one before begins with; how many these are. */
static u32 sums_of(const u8 *page, const u8 *end, u64 *to) {
    static Entries entries;
    u32 noted = 0;
    entries.at = page, entries.end = end;
    while (next_entry(&entries))
        for (u32 each = 0; each < NOTED && noted_lengths[each] <= entries.length; each++)
            if (noted_lengths[each] > entries.shared) to[noted++] = sum_of(entries.token, noted_lengths[each]);
    return noted;
}

/* Make summaries of pages that lie one after the other, given of how many bytes each is. Returns where the first one
 * is; all of them hold until the next call. */
EXPORT u32 summarise(u32 pages_at, u32 sizes_at, u32 how_many) {
    const u8 *page = (const u8 *)pages_at;
    const u32 *sizes = (const u32 *)sizes_at;
    u32 before = mark(), largest = 0, first = 0;
    for (u32 each = 0; each < how_many; each++) largest = sizes[each] > largest ? sizes[each] : largest;
    u64 *sums = (u64 *)take(8 * NOTED * (largest / 2 + 1)); /* an entry takes two bytes, at least */
    for (u32 each = 0; each < how_many; page += sizes[each++]) {
        u32 noted = sums_of(page, page + sizes[each], sums), bits = 64;
        while (bits < ROOM_OF_EACH * noted) bits *= 2;
        u32 *summary = (u32 *)take(4 + bits / 8);
        u8 *set = (u8 *)(summary + 1);
        *summary = bits;
        fill(set, 0, bits / 8);
        for (u32 sum = 0; sum < noted; sum++)
            for (u32 times = 0; times < SET_OF_EACH; times++) {
                u32 bit = bit_of(sums[sum], times, bits);
                set[bit / 8] |= (u8)(1 << bit % 8);
            }
        if (!each) first = (u32)summary;
    }
    release(before);
    return first;
}

/* Note the lists of what is sought. */
static void find_lists(const u8 *at, const u8 *end) {
    static Entries entries;
    entries.at = at, entries.end = end;
    from_the_first();
    while (next_entry(&entries)) {
        if (!opened && next_sought < count && sought[next_sought].key > entries.key) continue;
        if (!opened && next_sought >= count) break;
        look_at(entries.token, entries.length, entries.key);
        for (u32 each = 0; each < opened; each++) {
            if (!is_wanted(open[each], entries.length)) continue;
            if (listed == lists_room) {
                take(lists_room * (u32)sizeof(Found)); /* nothing else takes room meanwhile */
                lists_room *= 2;
            }
            lists[listed] = (Found){entries.list, entries.list_end, sought[open[each]].found};
            sought[open[each]].found = ++listed;
        }
    }
}

static u32 articles, words; /* of the segment, and 64-bit words of a set of them */

static void add_lists(u64 *set, u32 number) {
    for (u32 found = sought[number].found; found; found = lists[found - 1].before) {
        List list = list_of(lists[found - 1].list, lists[found - 1].end);
        while (next_article(&list)) {
            if (list.article >= articles) __builtin_trap();
            set[list.article / 64] |= 1ull << list.article % 64;
        }
    }
}

static u32 is_empty(const u64 *set) {
    for (u32 at = 0; at < words; at++)
        if (set[at]) return 0;
    return 1;
}

static u64 *empty_set(void) {
    u64 *set = (u64 *)take(8 * words);
    fill(set, 0, 8 * words);
    return set;
}

static const u32 *behind(const u32 *node) {
    if (node[0] == TOKEN) return node + 2;
    const u32 *part = node + (node[0] == NEAR ? 4 : 2);
    for (u32 each = 0; each < node[1]; each++) part = behind(part);
    return part;
}

/* Add in which lines the tokens below a part stand, for each article of a set. */
static const u32 *add_lines(const u32 *node, const u64 *set, u64 *lines) {
    if (node[0] != TOKEN) {
        const u32 *part = node + (node[0] == NEAR ? 4 : 2);
        for (u32 each = 0; each < node[1]; each++) part = add_lines(part, set, lines);
        return part;
    }
    for (u32 found = sought[node[1]].found; found; found = lists[found - 1].before) {
        List list = list_of(lists[found - 1].list, lists[found - 1].end);
        while (next_article(&list)) {
            if (!(set[list.article / 64] >> list.article % 64 & 1)) continue;
            const u8 *at = list.lines;
            if (*at & SET) {
                u64 all;
                copy(&all, at + 1, 8);
                lines[list.article] |= all;
                continue;
            }
            for (; *at & MORE; at++) lines[list.article] |= 1ull << (*at & 63);
            lines[list.article] |= 1ull << *at;
        }
    }
    return node + 2;
}

/* The lines, and those that are so many apart from one of them; counted round and round. */
static u64 around(u64 lines, u32 apart) {
    if (apart > 31) return lines ? ~0ull : 0;
    u64 all = lines;
    for (u32 by = 1; by <= apart; by++) {
        all |= lines << by | lines >> (64 - by);
        all |= lines >> by | lines << (64 - by);
    }
    return all;
}

/* The lines, and those that are so many behind one of them; counted round and round. */
static u64 ahead(u64 lines, u32 apart) {
    u64 all = lines;
    for (u32 by = 1; by <= apart && by < 64; by++) all |= lines << by | lines >> (64 - by);
    return all;
}

/* Keep those articles of a set in which each part stands so near the first one, or behind the one before. */
static void keep_near(const u32 *node, u64 *set) {
    u32 parts = node[1], apart = node[2], in_order = node[3], before = mark();
    u64 *first = (u64 *)take(8 * articles), *other = (u64 *)take(8 * articles);
    for (u32 word = 0; word < words; word++)
        for (u64 left = set[word]; left; left &= left - 1) first[64 * word + (u32)__builtin_ctzll(left)] = 0;
    const u32 *part = add_lines(node + 4, set, first);
    for (u32 each = 1; each < parts; each++) {
        for (u32 word = 0; word < words; word++)
            for (u64 left = set[word]; left; left &= left - 1) other[64 * word + (u32)__builtin_ctzll(left)] = 0;
        part = add_lines(part, set, other);
        for (u32 word = 0; word < words; word++) {
            for (u64 left = set[word]; left; left &= left - 1) {
                u32 at = 64 * word + (u32)__builtin_ctzll(left);
                first[at] = in_order ? ahead(first[at], apart) & other[at] : first[at] & around(other[at], apart);
                if (!first[at]) set[word] &= ~(left & -left);
            }
        }
    }
    release(before);
}

/* Add to a set what fits a part; returns what stands behind the part. */
static const u32 *add_fitting(const u32 *node, u64 *to) {
    static u32 depth;
    if (node[0] == TOKEN) {
        if (node[1] >= count) __builtin_trap();
        add_lists(to, node[1]);
        return node + 2;
    }
    if (++depth > DEEPEST) __builtin_trap();
    u32 kind = node[0], parts = node[1];
    const u32 *part = node + (kind == NEAR ? 4 : 2);
    if (kind == ANY) {
        for (; parts; parts--) part = add_fitting(part, to);
        depth--;
        return part;
    }
    u32 before = mark();
    u64 *all = empty_set(), *one = empty_set();
    part = add_fitting(part, all);
    for (; --parts && !is_empty(all);) {
        fill(one, 0, 8 * words);
        part = add_fitting(part, one);
        for (u32 at = 0; at < words; at++) all[at] &= one[at];
    }
    if (kind == NEAR && !is_empty(all)) keep_near(node, all);
    for (u32 at = 0; at < words; at++) to[at] |= all[at];
    release(before);
    depth--;
    return behind(node);
}

/* Say which of so many articles of a segment fit, given its pages that may have what is sought, one after the other.
 * Returns where they stand as bits, or 0 if there are none; that holds until the next call. */
EXPORT u32 fitting(u32 pages_at, u32 bytes, u32 how_many) {
    u32 before = mark();
    articles = how_many, words = (how_many + 63) / 64;
    u64 *set = empty_set();
    for (u32 each = 0; each < count; each++) sought[each].found = 0;
    listed = 0, lists_room = 256;
    lists = (Found *)take(lists_room * (u32)sizeof(Found));
    find_lists((const u8 *)pages_at, (const u8 *)pages_at + bytes);
    if (listed) add_fitting(tree, set);
    u32 found = listed && !is_empty(set);
    release(before);
    return found ? (u32)set : 0;
}
