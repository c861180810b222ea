using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>
/// How many requests are worked on at once: so many that read, so many that write (upstream: filters/maxinflight.go). Where priority and fairness will stand.
/// </summary>
/// <remarks>
/// What may last long is not counted, and neither are the parts of the control plane in this process, whose numbers of workers are limited already.
/// An answer that is on its way to a slow client no longer counts.
/// </remarks>
/// <param name="readOnlyMax">0 for no limit.</param>
/// <param name="mutatingMax">0 for no limit.</param>
internal sealed class InFlight(int readOnlyMax, int mutatingMax)
{
    private const int RetryAfterSeconds = 1;

    private static readonly ApiStatus TooMany = ApiStatus.TooManyRequests("Too many requests, please try again later.", RetryAfterSeconds);

    private int _readOnly;
    private int _mutating;

    public ValueTask<ApiResponse> Pass(ApiRequest request, RequestInfo info, User user, Func<ValueTask<ApiResponse>> next)
    {
        if (info.IsLongRunning || request.Identity is not null) return next();
        if (info.Verb is "get" or "list") return Counted(readOnlyMax, ref _readOnly, user) is { } full ? full : ReadOnly(next);
        return Counted(mutatingMax, ref _mutating, user) is { } refused ? refused : Mutating(next);
    }

    // Counts the request in, or refuses it. Administrators always get in, so that an overloaded cluster can be helped.
    private static ValueTask<ApiResponse>? Counted(int max, ref int count, User user)
    {
        if (Interlocked.Increment(ref count) <= max || max == 0 || user.IsIn(WellKnown.Masters)) return null;
        Interlocked.Decrement(ref count);
        return ValueTask.FromResult(ApiResponse.Of(TooMany));
    }

    private async ValueTask<ApiResponse> ReadOnly(Func<ValueTask<ApiResponse>> next)
    {
        try
        {
            return await next();
        }
        finally
        {
            Interlocked.Decrement(ref _readOnly);
        }
    }

    private async ValueTask<ApiResponse> Mutating(Func<ValueTask<ApiResponse>> next)
    {
        try
        {
            return await next();
        }
        finally
        {
            Interlocked.Decrement(ref _mutating);
        }
    }
}
