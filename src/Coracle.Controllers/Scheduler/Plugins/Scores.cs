namespace Coracle.Controllers.Scheduling;

internal static class Scores
{
    public const long Max = 100;

    /// <summary>Scales so that the greatest becomes 100; reversed, so that it becomes 0 (helper.DefaultNormalizeScore).</summary>
    public static void Normalize(Span<long> scores, bool reverse)
    {
        long max = 0;
        foreach (var score in scores) max = Math.Max(max, score);
        if (max == 0)
        {
            if (reverse) scores.Fill(Max);
            return;
        }
        foreach (ref var score in scores)
        {
            score = Max * score / max;
            if (reverse) score = Max - score;
        }
    }
}
