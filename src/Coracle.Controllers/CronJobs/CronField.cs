using System.Globalization;

namespace Coracle.Controllers.CronJobs;

/// <summary>One field of a schedule: which numbers it allows, and whether it was a bare star, which matters to days.</summary>
internal readonly record struct CronField(ulong Bits, bool IsStar)
{
    internal readonly record struct Bounds(int Min, int Max, string[] Names);

    public static Bounds Minutes { get; } = new(0, 59, []);
    public static Bounds Hours { get; } = new(0, 23, []);
    public static Bounds DaysOfMonth { get; } = new(1, 31, []);
    public static Bounds Months { get; } = new(1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]);
    public static Bounds DaysOfWeek { get; } = new(0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);

    public bool Allows(int value) => (Bits >> value & 1) != 0;

    /// <summary>A list of numbers, ranges and steps: "1,5-10,*/15".</summary>
    public static CronField Parse(string text, Bounds bounds)
    {
        var field = default(CronField);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var range = Range(part, bounds);
            field = new(field.Bits | range.Bits, field.IsStar || range.IsStar);
        }
        return field;
    }

    // number | number-number | * | ?, each with an optional /step; "5/10" goes on from 5 to the end.
    private static CronField Range(string text, Bounds bounds)
    {
        var slash = text.Split('/');
        var dash = slash[0].Split('-');
        // After a star hyphens mean nothing, however many: as the parser that upstream uses has it.
        var isStar = dash[0] is "*" or "?";
        if (slash.Length > 2) throw new FormatException($"too many slashes: {text}");
        if (dash.Length > 2 && !isStar) throw new FormatException($"too many hyphens: {text}");
        var first = isStar ? bounds.Min : Value(dash[0], bounds);
        var last = isStar ? bounds.Max : dash.Length == 2 ? Value(dash[1], bounds) : slash.Length == 2 ? bounds.Max : first;
        var step = slash.Length == 2 ? Math.Min(Number(slash[1]), StepMax) : 1;
        if (first < bounds.Min) throw new FormatException($"beginning of range ({first}) below minimum ({bounds.Min}): {text}");
        if (last > bounds.Max) throw new FormatException($"end of range ({last}) above maximum ({bounds.Max}): {text}");
        if (first > last) throw new FormatException($"beginning of range ({first}) beyond end of range ({last}): {text}");
        if (step == 0) throw new FormatException($"step of range should be a positive number: {text}");
        ulong bits = 0;
        for (var value = first; value <= last; value += step) bits |= 1UL << value;
        return new(bits, isStar && step == 1);
    }

    // No field has so many values: longer steps are the same.
    private const int StepMax = 100;

    private static int Value(string text, Bounds bounds)
    {
        var name = Array.FindIndex(bounds.Names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        return name >= 0 ? name + bounds.Min : Number(text);
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : throw new FormatException($"failed to parse int from {text}");
}
