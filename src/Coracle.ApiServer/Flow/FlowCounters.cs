namespace Coracle.ApiServer;

/// <summary>Why a request was sent away by flow control, in upstream's words.</summary>
internal enum FlowRejection
{
    ConcurrencyLimit,
    QueueFull,
    TimeOut,
    Cancelled,
}

/// <summary>What is counted of the requests of one flow schema at one priority level. Changed under the level's lock.</summary>
internal sealed class FlowCounters(string schema, string level)
{
    public static readonly double[] WaitBucketsSeconds = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];

    public string Schema { get; } = schema;
    public string Level { get; } = level;
    public long Dispatched { get; set; }
    public long[] Rejected { get; } = new long[4];
    public int Waiting { get; set; }
    public int Executing { get; set; }
    public int Seats { get; set; }

    /// <summary>Waits of those that were served; those of the others are not worth telling apart.</summary>
    public long[] WaitBuckets { get; } = new long[WaitBucketsSeconds.Length];
    public double WaitSeconds { get; private set; }

    public void Served(double waitedSeconds)
    {
        Dispatched++;
        WaitSeconds += waitedSeconds;
        for (var i = WaitBuckets.Length - 1; i >= 0 && waitedSeconds <= WaitBucketsSeconds[i]; i--) WaitBuckets[i]++;
    }
}
