using System.Globalization;

namespace Coracle.Kinds.Batch.V1;

/// <summary>Whether a text is a cron schedule: five fields, or one of the names, in the messages of the parser that upstream uses (robfig/cron, ParseStandard).</summary>
internal static class CronForm
{
    private sealed record Field(int Min, int Max, params string[] Names);

    private static readonly Field[] Fields =
    [
        new(0, 59), new(0, 23), new(1, 31),
        new(1, 12, "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        new(0, 6, "sun", "mon", "tue", "wed", "thu", "fri", "sat"),
    ];

    /// <summary>What is wrong with the schedule; null when nothing is.</summary>
    internal static string? Problem(string schedule)
    {
        if (schedule.Length == 0) return "empty spec string";
        var text = schedule;
        if (text.StartsWith("TZ=", StringComparison.Ordinal) || text.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            var zone = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..(space < 0 ? text.Length : space)];
            if (zone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) return $"provided bad location {zone}: unknown time zone {zone}";
            text = space < 0 ? "" : text[space..].Trim();
        }
        if (text.StartsWith('@')) return Descriptor(text);
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length) return $"expected exactly {Fields.Length} fields, found {parts.Length}: [{string.Join(' ', parts)}]";
        for (var i = 0; i < parts.Length; i++)
            foreach (var range in parts[i].Split(',', StringSplitOptions.RemoveEmptyEntries))
                if (Range(range, Fields[i]) is { } problem) return problem;
        return null;
    }

    private static string? Descriptor(string text)
    {
        const string every = "@every ";
        if (text is "@yearly" or "@annually" or "@monthly" or "@weekly" or "@daily" or "@midnight" or "@hourly") return null;
        if (!text.StartsWith(every, StringComparison.Ordinal)) return $"unrecognized descriptor: {text}";
        return IsDuration(text.AsSpan(every.Length)) ? null : $"failed to parse duration {text}: time: invalid duration \"{text[every.Length..]}\"";
    }

    // Go's notation: numbers with units, "1h30m".
    private static bool IsDuration(ReadOnlySpan<char> text)
    {
        text = text.Length > 0 && text[0] is '+' or '-' ? text[1..] : text;
        if (text is "0") return true;
        if (text.IsEmpty) return false;
        var seconds = 0.0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            text = text[digits..];
            var unit = text.IndexOfAny("0123456789.");
            if (SecondsOf(text[..(unit < 0 ? text.Length : unit)]) is not { } factor) return false;
            seconds += number * factor;
            text = unit < 0 ? [] : text[unit..];
        }
        // They end at 292 years, in nanoseconds.
        return seconds <= long.MaxValue / 1e9;
    }

    private static double? SecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1e-9,
        "us" or "µs" or "μs" => 1e-6,
        "ms" => 1e-3,
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => null,
    };

    // number | number-number | * | ?, each with an optional /step; "5/10" goes on from 5 to the end.
    private static string? Range(string text, Field field)
    {
        var steps = text.Split('/');
        var ends = steps[0].Split('-');
        var (from, to) = (field.Min, field.Max);
        if (ends[0] is not ("*" or "?"))
        {
            if (Number(ends[0], field.Names, field.Min, out from) is { } first) return first;
            if (ends.Length > 2) return $"too many hyphens: {text}";
            to = from;
            if (ends.Length == 2 && Number(ends[1], field.Names, field.Min, out to) is { } last) return last;
            if (ends.Length == 1 && steps.Length == 2) to = field.Max;
        }
        var step = 1;
        if (steps.Length == 2 && Number(steps[1], [], 0, out step) is { } unreadable) return unreadable;
        if (steps.Length > 2) return $"too many slashes: {text}";
        if (from < field.Min) return $"beginning of range ({from}) below minimum ({field.Min}): {text}";
        if (to > field.Max) return $"end of range ({to}) above maximum ({field.Max}): {text}";
        if (from > to) return $"beginning of range ({from}) beyond end of range ({to}): {text}";
        return step == 0 ? $"step of range should be a positive number: {text}" : null;
    }

    private static string? Number(string text, string[] names, int min, out int value)
    {
        var named = Array.FindIndex(names, n => string.Equals(n, text, StringComparison.OrdinalIgnoreCase));
        value = named + min;
        if (named >= 0) return null;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
            return $"failed to parse int from {text}: strconv.Atoi: parsing \"{text}\": invalid syntax";
        return value < 0 ? $"negative number ({value}) not allowed: {text}" : null;
    }
}
