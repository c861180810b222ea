using System.Collections;
using System.Globalization;
using System.Text;

namespace Coracle.Controllers.Jobs;

/// <summary>
/// A set of completion indexes as a job's status keeps them: ordered intervals, "1,3-5,7" as text (upstream: indexed_job_utils.go,
/// orderedIntervals). Two neighbours are written "3,4", only more of them as a range.
/// </summary>
public sealed class IndexSet : IEnumerable<int>
{
    private readonly List<(int First, int Last)> intervals;

    private IndexSet(List<(int First, int Last)> intervals) => this.intervals = intervals;

    public static IndexSet Empty { get; } = new([]);

    /// <summary>How many indexes it has.</summary>
    public int Total => intervals.Sum(static i => i.Last - i.First + 1);

    public static IndexSet Of(IEnumerable<int> indexes) => Merge(indexes.Order().Select(static i => (i, i)));

    /// <summary>Reads the text of a status or of a policy. Indexes not below <paramref name="completions"/> and what is no number are left out.</summary>
    public static IndexSet Parse(string text, int completions)
    {
        var read = new List<(int First, int Last)>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!Number(dash < 0 ? part : part[..dash], out var first)) continue;
            var last = first;
            if (dash >= 0 && !Number(part[(dash + 1)..], out last)) continue;
            if (first < completions && last >= first) read.Add((first, Math.Min(last, completions - 1)));
        }
        return Merge(read.Order());
    }

    public bool Contains(int index) => intervals.Exists(i => i.First <= index && index <= i.Last);

    public IndexSet With(IEnumerable<int> indexes) => Union(Of(indexes));

    public IndexSet Union(IndexSet other) => other.intervals.Count == 0 ? this : Merge(intervals.Concat(other.intervals).Order());

    /// <summary>How many indexes are in both.</summary>
    public int CommonWith(IndexSet other)
    {
        var common = 0;
        foreach (var (first, last) in intervals)
            foreach (var (otherFirst, otherLast) in other.intervals)
                common += Math.Max(0, Math.Min(last, otherLast) - Math.Max(first, otherFirst) + 1);
        return common;
    }

    /// <summary>The lowest indexes below <paramref name="completions"/> that are not in the set, up to <paramref name="count"/> of them.</summary>
    public List<int> FirstMissing(int count, int completions)
    {
        var missing = new List<int>(Math.Max(0, Math.Min(count, completions)));
        var candidate = 0;
        foreach (var (first, last) in intervals)
        {
            for (; candidate < first && candidate < completions && missing.Count < count; candidate++) missing.Add(candidate);
            candidate = Math.Max(candidate, last + 1);
        }
        for (; candidate < completions && missing.Count < count; candidate++) missing.Add(candidate);
        return missing;
    }

    public IEnumerator<int> GetEnumerator() => intervals.SelectMany(static i => Enumerable.Range(i.First, i.Last - i.First + 1)).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (first, last) in intervals)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{first}");
            if (last > first) text.Append(last == first + 1 ? ',' : '-').Append(CultureInfo.InvariantCulture, $"{last}");
        }
        return text.ToString();
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static IndexSet Merge(IEnumerable<(int First, int Last)> ordered)
    {
        var merged = new List<(int First, int Last)>();
        foreach (var next in ordered)
        {
            if (merged.Count > 0 && next.First <= merged[^1].Last + 1) merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, next.Last));
            else merged.Add(next);
        }
        return new(merged);
    }
}
