namespace Coracle.Bench.Tests;

public sealed class HistogramTests
{
    [Fact]
    public void Percentiles_are_within_two_in_a_hundred_of_the_exact_ones()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 50_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 9)).ToList();
        var histogram = new Histogram();
        foreach (var value in values) histogram.Record(value);
        values.Sort();
        foreach (var share in (double[])[0.01, 0.5, 0.9, 0.99, 0.999, 1])
        {
            var exact = values[(int)Math.Ceiling(share * values.Count) - 1];
            Assert.InRange(histogram.Percentile(share), exact, exact * 1.02 + 1);
        }
    }

    [Fact]
    public void The_extremes_have_their_place()
    {
        var histogram = new Histogram();
        foreach (var value in (long[])[0, 1, 63, 64, 65, long.MaxValue, -5]) histogram.Record(value);
        Assert.Equal(7, histogram.Count);
        Assert.Equal(long.MaxValue, histogram.Percentile(1));
        Assert.Equal(0, histogram.Percentile(0.2));
    }

    [Fact]
    public void Nothing_recorded_is_zero() => Assert.Equal(0, new Histogram().Percentile(0.99));

    [Fact]
    public void What_workers_recorded_adds_up()
    {
        var (a, b) = (new Histogram(), new Histogram());
        for (var i = 1; i <= 100; i++) (i % 2 == 0 ? a : b).Record(i);
        a.Add(b);
        Assert.Equal(100, a.Count);
        Assert.Equal(50, a.Percentile(0.5));
        Assert.Equal(100, a.Max);
    }
}
