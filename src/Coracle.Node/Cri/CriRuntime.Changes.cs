using System.Runtime.CompilerServices;
using Coracle.Node.Containerd.Wire;
using Coracle.Node.Cri.V1;
using Google.Protobuf;

namespace Coracle.Node.Cri;

public sealed partial class CriRuntime
{
    private const string EventsService = "/containerd.services.events.v1.Events/";
    private const string ReadyTopic = "/coracle/subscribed";
    private static readonly KeyValuePair<string, string>[] ContainerdNamespace = [KeyValuePair.Create("containerd-namespace", "k8s.io")];
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    /// <summary>How long the CRI may lag behind containerd's own event before we deliver it all the same.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(2);

    /// <remarks>
    /// containerd is asked through its own event service: its releases before 1.7 have no GetContainerEvents, and its own tells of
    /// out-of-memory kills. Any other runtime is asked for GetContainerEvents.
    /// </remarks>
    public async IAsyncEnumerable<ContainerChange> Changes([EnumeratorCancellation] CancellationToken cancel)
    {
        var retry = FirstRetry;
        while (!cancel.IsCancellationRequested)
        {
            await using var stream = Connection(cancel).GetAsyncEnumerator(cancel);
            while (await NextOrEnd(stream))
            {
                retry = FirstRetry;
                yield return stream.Current;
            }
            if (!await Wait(retry, cancel))
                yield break;
            retry = TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, LastRetry.Ticks));
        }
    }

    /// <summary>Every way in which a connection can end is the same to the reader: it goes on with the next one.</summary>
    private async ValueTask<bool> NextOrEnd(IAsyncEnumerator<ContainerChange> stream)
    {
        try
        {
            return await stream.MoveNextAsync();
        }
        catch (GrpcException e)
        {
            _options.Log($"the runtime's events ended: {e.RpcText}");
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async ValueTask<bool> Wait(TimeSpan span, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(span, _options.Time, cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<ContainerChange> Connection([EnumeratorCancellation] CancellationToken cancel)
    {
        var changes = (await Version(cancel)).RuntimeName == "containerd" ? ContainerdChanges(cancel) : CriChanges(cancel);
        await foreach (var change in changes)
            yield return change;
    }

    // ---- containerd's own events

    private async IAsyncEnumerable<ContainerChange> ContainerdChanges([EnumeratorCancellation] CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var subscription = new SubscribeRequest
        {
            Filters =
            {
                "namespace==\"k8s.io\",topic~=\"^/tasks/\"",
                "namespace==\"k8s.io\",topic~=\"^/containers/\"",
                $"namespace==\"k8s.io\",topic==\"{ReadyTopic}\"",
            },
        };
        var ready = new TaskCompletionSource();
        var knocking = Knock(ready.Task, ended.Token);
        try
        {
            await foreach (var envelope in _channel.ServerStream(
                new GrpcCall(EventsService + "Subscribe"), subscription, Envelope.Parser, ended.Token))
            {
                if (ready.TrySetResult())
                    yield return new ContainerChange(ContainerChangeKind.Resync, "", _options.Time.GetUtcNow());
                if (Translate(envelope) is not { } change)
                    continue;
                await Settle(change, ended.Token);
                yield return change;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await knocking;
        }
    }

    /// <summary>
    /// containerd does not say when a subscription has begun (its headers come with the first event). So we publish an event of our
    /// own until one has come back: from then on nothing goes unseen, and it is time to list.
    /// </summary>
    private async Task Knock(Task ready, CancellationToken cancel)
    {
        var request = new PublishRequest
        {
            Topic = ReadyTopic,
            Event = new Google.Protobuf.WellKnownTypes.Any { TypeUrl = "coracle.Subscribed" },
        };
        while (!ready.IsCompleted && !cancel.IsCancellationRequested)
        {
            try
            {
                await _channel.Unary(new GrpcCall(EventsService + "Publish", _options.CallTimeout, ContainerdNamespace), request, Nothing.Parser, cancel);
            }
            catch (Exception e) when (e is GrpcException or OperationCanceledException)
            {
                // The subscription fails of the same cause, and says so.
            }
            await Wait(FirstRetry, cancel);
        }
    }

    private static ContainerChange? Translate(Envelope envelope)
    {
        var bytes = envelope.Event?.Value ?? ByteString.Empty;
        var at = envelope.Timestamp?.ToDateTimeOffset() ?? default;
        return envelope.Topic switch
        {
            "/containers/create" => Of(ContainerChangeKind.Created, TaskSubject.Parser.ParseFrom(bytes).ContainerId),
            "/tasks/start" => Of(ContainerChangeKind.Started, TaskSubject.Parser.ParseFrom(bytes).ContainerId),
            "/tasks/oom" => Of(ContainerChangeKind.OutOfMemory, TaskSubject.Parser.ParseFrom(bytes).ContainerId),
            "/tasks/exit" => OfExit(TaskExit.Parser.ParseFrom(bytes)),
            "/containers/delete" => Of(ContainerChangeKind.Deleted, TaskSubject.Parser.ParseFrom(bytes).ContainerId),
            _ => null,
        };

        ContainerChange Of(ContainerChangeKind kind, string id) => new(kind, id, at);

        ContainerChange? OfExit(TaskExit exit) => exit.Id == exit.ContainerId || exit.Id.Length == 0
            ? Of(ContainerChangeKind.Stopped, exit.ContainerId) : null; // else a command that was executed in it
    }

    /// <summary>containerd's CRI hears of a start or an exit by the same event as we do: wait until its statuses say so too.</summary>
    private async ValueTask Settle(ContainerChange change, CancellationToken cancel)
    {
        if (change.Kind is not (ContainerChangeKind.Started or ContainerChangeKind.Stopped))
            return;
        var begin = _options.Time.GetTimestamp();
        while (!await IsSettled(change, cancel) && _options.Time.GetElapsedTime(begin) < SettleLimit)
            await Task.Delay(TimeSpan.FromMilliseconds(5), _options.Time, cancel);
    }

    private async ValueTask<bool> IsSettled(ContainerChange change, CancellationToken cancel)
    {
        var stopped = change.Kind == ContainerChangeKind.Stopped;
        if (await ContainerStatus(change.Id, verbose: false, cancel) is { } container)
        {
            return stopped
                ? container.Status.State is ContainerState.ContainerExited or ContainerState.ContainerUnknown
                : container.Status.State != ContainerState.ContainerCreated;
        }
        return !stopped || await PodSandboxStatus(change.Id, verbose: false, cancel) is not { Status.State: PodSandboxState.SandboxReady };
    }

    // ---- the CRI's events

    private async IAsyncEnumerable<ContainerChange> CriChanges([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new ContainerChange(ContainerChangeKind.Resync, "", _options.Time.GetUtcNow());
        await foreach (var change in _channel.ServerStream(
            new GrpcCall(RuntimeService + "GetContainerEvents"), new GetEventsRequest(), ContainerEventResponse.Parser, cancel))
        {
            yield return new ContainerChange(change.ContainerEventType switch
            {
                ContainerEventType.ContainerCreatedEvent => ContainerChangeKind.Created,
                ContainerEventType.ContainerStartedEvent => ContainerChangeKind.Started,
                ContainerEventType.ContainerStoppedEvent => ContainerChangeKind.Stopped,
                _ => ContainerChangeKind.Deleted,
            }, change.ContainerId, DateTimeOffset.UnixEpoch.AddTicks(change.CreatedAt / 100));
        }
    }
}
