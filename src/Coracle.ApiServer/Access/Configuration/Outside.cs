namespace Coracle.ApiServer.Access;

/// <summary>Asks somebody outside, and asks again when that may help (upstream: apiserver, util/webhook): after half a second first, up to five times.</summary>
internal static class Outside
{
    private const int Attempts = 5;
    private const double Factor = 1.5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    /// <summary>What was answered with success; or why nothing was, in the words of Go's client.</summary>
    public static async ValueTask<Result<ReadOnlyMemory<byte>>> PostAsync(
        WebhookTransport network, OutsideConnection connection, ReadOnlyMemory<byte> body, TimeSpan patience, TimeProvider clock, CancellationToken cancel)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            var (answer, failure) = await Once(network, connection, body, patience, clock, cancel);
            if (answer is { Status: >= 200 and <= 206 }) return answer.Body;
            var mayHelp = answer is { Status: 429 or 500 or 504 };
            if (!mayHelp || attempt == Attempts) return ApiStatus.Unavailable(failure ?? (WebhookCaller.Refusal(answer!) is { Length: > 0 } told ? told : "unknown"));
            await Task.Delay(pause, clock, cancel);
            pause *= Factor;
        }
    }

    private static async ValueTask<(WebhookAnswer? Answer, string? Failure)> Once(
        WebhookTransport network, OutsideConnection connection, ReadOnlyMemory<byte> body, TimeSpan patience, TimeProvider clock, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(patience, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        var url = Schema.GoText.Quote(connection.Url.ToString());
        try
        {
            return (await network.PostAsync(await connection.Call(body, stop.Token), stop.Token), null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, $"Post {url}: context deadline exceeded");
        }
        catch (WebhookException e)
        {
            return (null, $"Post {url}: {e.Message}");
        }
    }
}
