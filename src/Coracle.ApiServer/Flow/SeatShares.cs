namespace Coracle.ApiServer;

/// <summary>What one priority level is to have: near its target, in relation to the others, and within bounds.</summary>
internal readonly record struct SeatClaim(double Target, double Lower, double Upper);

/// <summary>Shares seats out among priority levels (upstream: util/flowcontrol/conc_alloc.go).</summary>
internal static class SeatShares
{
    private const double TargetMin = 0.001;

    /// <summary>
    /// Seats that add up to <paramref name="total"/>: each claim gets the same fraction of its target, or its bound where that fraction lies beyond it. Null
    /// where the bounds allow no such sum.
    /// </summary>
    public static double[]? Of(double total, IReadOnlyList<SeatClaim> claims)
    {
        const double tolerance = 1e-7;
        if (claims.Sum(c => c.Lower) - total > tolerance || total - claims.Sum(c => c.Upper) > tolerance) return null;
        // The sum grows with the fraction, in straight lines between the fractions at which a bound is met.
        var bounds = claims.SelectMany(c => new[] { c.Lower / Weight(c), c.Upper / Weight(c) }).Order().ToList();
        var (low, high) = (0.0, bounds.LastOrDefault());
        foreach (var bound in bounds)
        {
            if (Sum(claims, bound) >= total)
            {
                high = bound;
                break;
            }
            low = bound;
        }
        var (below, above) = (Sum(claims, low), Sum(claims, high));
        var fraction = above - below < tolerance ? high : low + (high - low) * (total - below) / (above - below);
        return [.. claims.Select(c => At(c, fraction))];
    }

    private static double Weight(SeatClaim claim) => Math.Max(claim.Target, TargetMin);
    private static double At(SeatClaim claim, double fraction) => Math.Clamp(fraction * Weight(claim), claim.Lower, claim.Upper);
    private static double Sum(IReadOnlyList<SeatClaim> claims, double fraction) => claims.Sum(c => At(c, fraction));
}
