using System.Globalization;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>Indexes of a job as numbers and ranges: "1,3-5,7" (upstream: validateIndexesFormat).</summary>
internal static class JobIndexes
{
    private readonly record struct Interval(int First, int Last);

    /// <summary>What is wrong with the text, or null; and how many indexes it names.</summary>
    internal static string? Problem(string text, int completions, out int total)
    {
        total = 0;
        if (text.Length == 0) return null;
        var (count, previous) = (0, -1);
        foreach (var part in text.Split(','))
        {
            if (Read(part, completions, out var interval) is { } problem) return problem;
            if (count > 0 && previous >= interval.First) return $"non-increasing order, previous: {previous}, current: {interval.First}";
            count += interval.Last - interval.First + 1;
            previous = interval.Last;
        }
        total = count;
        return null;
    }

    /// <summary>The first index that stands in both texts, as an error; parts that cannot be read are passed over.</summary>
    internal static string? Overlap(string completed, string failed, int completions)
    {
        if (completed.Length == 0 || failed.Length == 0) return null;
        var (done, lost) = (Intervals(completed, completions), Intervals(failed, completions));
        for (var (i, j) = (0, 0); i < done.Count && j < lost.Count;)
        {
            if (done[i].First <= lost[j].Last && lost[j].First <= done[i].Last)
                return $"failedIndexes and completedIndexes overlap at index: {Math.Max(done[i].First, lost[j].First)}";
            if (done[i].First <= lost[j].First) i++;
            else j++;
        }
        return null;
    }

    private static List<Interval> Intervals(string text, int completions)
    {
        var list = new List<Interval>();
        foreach (var part in text.Split(','))
            if (Read(part, completions, out var interval) is null) list.Add(interval);
        return list;
    }

    private static string? Read(string text, int completions, out Interval interval)
    {
        interval = default;
        var ends = text.Split('-');
        if (ends.Length > 2) return $"the fragment {GoText.Quote(text)} violates the requirement that an index interval can have at most two parts separated by '-'";
        if (Number(ends[0], completions, out var first) is { } problem) return problem;
        var last = first;
        if (ends.Length == 2)
        {
            if (Number(ends[1], completions, out last) is { } wrong) return wrong;
            if (first >= last) return $"non-increasing order, previous: {first}, current: {last}";
        }
        interval = new(first, last);
        return null;
    }

    private static string? Number(string text, int completions, out int number)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
            return $"cannot convert string to integer for index: {GoText.Quote(text)}";
        return number >= completions ? $"too large index: {GoText.Quote(text)}" : null;
    }
}
