using System.Text;

namespace Coracle.Node.Streaming;

/// <summary>Joins the connections that a client wants forwarded to those that a runtime opens.</summary>
public static class PortForwardRelay
{
    /// <summary>Serves until the client has gone or <paramref name="cancel"/>; then everything is closed.</summary>
    /// <param name="open">Opens a connection to a port of the pod, such as <c>IContainerRuntime.PortForward</c> for its sandbox.</param>
    /// <param name="pod">For the text of errors.</param>
    public static async Task Run(PortForwardServer client, Func<int, CancellationToken, Task<PortForwardStreams>> open, string pod, CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = new HashSet<Task>();
        try
        {
            await foreach (var connection in client.Connections(ended.Token))
            {
                running.RemoveWhere(task => task.IsCompleted);
                running.Add(Serve(connection, open, pod, ended.Token));
            }
            // Over plain WebSocket channels all connections are known at once, and last as long as the client.
            await Task.WhenAny(client.Closed, Task.WhenAll(running)).WaitAsync(ended.Token);
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
        await ended.CancelAsync();
        await Task.WhenAll(running);
        await client.DisposeAsync();
    }

    private static async Task Serve(ForwardedConnection connection, Func<int, CancellationToken, Task<PortForwardStreams>> open, string pod, CancellationToken cancel)
    {
        await using var client = connection.Streams;
        try
        {
            await using var runtime = await open(connection.Port, cancel);
            await Join(client, runtime, cancel);
        }
        catch (OperationCanceledException)
        {
            client.Abort();
        }
        catch (Exception e)
        {
            await Report(client.Error, $"error forwarding port {connection.Port} to pod {pod}, uid : {e.Message}");
        }
    }

    /// <summary>The pod's side says when it is over: when it has sent all, and said what went wrong.</summary>
    private static async Task Join(PortForwardStreams client, PortForwardStreams runtime, CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var toPod = RemoteCommandRelay.Copy(client.Data, runtime.Data, ended.Token);
        await Task.WhenAll(
            RemoteCommandRelay.Copy(runtime.Data, client.Data, ended.Token),
            RemoteCommandRelay.Copy(runtime.Error, client.Error, ended.Token));
        await ended.CancelAsync();
        await toPod;
    }

    private static async Task Report(DuplexStream error, string text)
    {
        try
        {
            await error.WriteAsync(Encoding.UTF8.GetBytes(text));
            await error.CompleteWrites(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The client is gone, and with it who would read it.
        }
    }
}
