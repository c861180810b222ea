namespace Coracle.Sdk;

/// <summary>Limits one wait after another, at no cost for those that need not wait.</summary>
internal sealed class Renewable(TimeProvider time, CancellationToken cancel) : IDisposable
{
    private volatile Deadline? current;

    /// <summary>Runs something, cancelling it when it takes longer than the limit: it then throws OperationCanceledException.</summary>
    public async ValueTask<TResult> RunAsync<TResult>(TimeSpan limit, Func<CancellationToken, ValueTask<TResult>> run)
    {
        if (current is null || current.Token.IsCancellationRequested)
        {
            current?.Dispose();
            current = new(time, cancel);
        }
        var pending = run(current.Token);
        if (pending.IsCompleted) return await pending;
        current.Arm(limit);
        try
        {
            return await pending;
        }
        finally
        {
            current.Disarm();
        }
    }

    /// <summary>Cancels what is waited for just now, as if it had taken too long.</summary>
    public void Expire() => current?.Expire();

    public void Dispose() => current?.Dispose();
}
