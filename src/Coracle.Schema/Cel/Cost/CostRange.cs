namespace Coracle.Schema.Cel;

/// <summary>The least and the most that something may cost, or how large it may be. The greatest number stands for no bound.</summary>
public readonly record struct CostRange(ulong Min, ulong Max)
{
    public static CostRange Unknown => new(0, ulong.MaxValue);
    public static CostRange Fixed(ulong value) => new(value, value);

    public static CostRange operator +(CostRange left, CostRange right) => new(Add(left.Min, right.Min), Add(left.Max, right.Max));
    public static CostRange operator *(CostRange left, CostRange right) => new(Multiply(left.Min, right.Min), Multiply(left.Max, right.Max));

    /// <summary>Rounded up.</summary>
    public static CostRange operator *(CostRange range, double factor) => new(Multiply(range.Min, factor), Multiply(range.Max, factor));

    public CostRange Union(CostRange other) => new(Math.Min(Min, other.Min), Math.Max(Max, other.Max));

    public static CostRange Add(CostRange left, CostRange right) => left + right;

    private static ulong Add(ulong left, ulong right) => right > ulong.MaxValue - left ? ulong.MaxValue : left + right;

    private static ulong Multiply(ulong left, ulong right) => Math.BigMul(left, right, out var low) == 0 ? low : ulong.MaxValue;

    private static ulong Multiply(ulong value, double factor)
    {
        var product = Math.Ceiling(value * factor);
        return product >= 18446744073709551616.0 ? ulong.MaxValue : (ulong)product;
    }
}
