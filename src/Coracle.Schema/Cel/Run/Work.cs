namespace Coracle.Schema.Cel;

/// <summary>
/// Steps within single operations. Lists that hold one list many times are cheap to make, and their cost is that of the outermost, but to compare, walk
/// or print them takes as long as if each were its own: what would take too long ends as an evaluation that costs too much.
/// </summary>
internal static class Work
{
    private const long Max = 20_000_000;

    [ThreadStatic]
    private static long done;

    /// <summary>Begins to count anew; gives what to give back to <see cref="Resume"/>.</summary>
    public static long Begin()
    {
        var before = done;
        done = 0;
        return before;
    }

    public static void Resume(long before) => done = before;

    public static void Add(int steps)
    {
        done += steps + 1;
        if (done > Max) throw new CostExceededException();
    }
}
