namespace Coracle.ApiServer;

/// <summary>How many seats a priority level could use, over time (upstream: fairqueuing/integrator.go and seatDemandStats).</summary>
internal sealed class SeatDemand(double nowSeconds)
{
    /// <summary>How slowly a demand that falls is forgotten.</summary>
    private const double Smoothing = 0.977;

    private double _since = nowSeconds;
    private double _last = nowSeconds;
    private double _seats;
    private double _max;
    private double _sum;
    private double _squares;

    /// <summary>The most seats over the last period.</summary>
    public int HighWatermark { get; private set; }

    public double Smoothed { get; private set; }

    public void Set(double nowSeconds, int seats)
    {
        Advance(nowSeconds);
        _seats = seats;
        _max = Math.Max(_max, seats);
    }

    /// <summary>Ends the period and begins the next one.</summary>
    public void Reset(double nowSeconds)
    {
        Advance(nowSeconds);
        HighWatermark = (int)Math.Round(_max);
        var duration = nowSeconds - _since;
        if (duration > 0)
        {
            var average = _sum / duration;
            var deviation = Math.Sqrt(Math.Max(0, _squares / duration - average * average));
            Smoothed = Math.Max(average + deviation, Smoothing * Smoothed + (1 - Smoothing) * (average + deviation));
        }
        (_since, _sum, _squares, _max) = (nowSeconds, 0, 0, _seats);
    }

    private void Advance(double nowSeconds)
    {
        var elapsed = nowSeconds - _last;
        _last = nowSeconds;
        _sum += _seats * elapsed;
        _squares += _seats * _seats * elapsed;
    }
}
