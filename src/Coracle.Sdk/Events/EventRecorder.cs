using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>
/// Tells people what happened to an object, as events (core/v1). Events are counted, combined and limited as client-go's EventCorrelator does, and
/// written in the background: recording never waits, never fails, and drops what is too much.
/// </summary>
public sealed class EventRecorder
{
    private const int QueueLimit = 1000;
    private const int Tries = 12;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private readonly Client client;
    private readonly string component;
    private readonly string host;
    private readonly EventNames names;
    private readonly EventCorrelator correlator;
    private readonly Lock gate = new();
    private readonly Queue<Event> waiting = [];
    private bool writing;

    /// <param name="client">Writes the events.</param>
    /// <param name="component">Who tells: "replicaset-controller".</param>
    /// <param name="host">Where it runs; "" for nowhere in particular.</param>
    public EventRecorder(Client client, string component, string host = "")
    {
        this.client = client;
        this.component = component;
        this.host = host;
        names = new(client.Time);
        correlator = new(client.Time, names);
    }

    /// <summary>Something that is as it should be.</summary>
    public void Normal(IKubernetesObject about, string reason, string message) => Record(Refer(about), "Normal", reason, message);

    /// <summary>Something that may need attention.</summary>
    public void Warning(IKubernetesObject about, string reason, string message) => Record(Refer(about), "Warning", reason, message);

    /// <summary>An event about anything that can be named, such as a container by its field path.</summary>
    public void Record(ObjectReference about, string type, string reason, string message) => Enqueue(Make(about, type, reason, message));

    /// <summary>
    /// An event of the newer form (events.k8s.io): it tells what was being done, has one time to the microsecond, and goes on as a series whatever the message.
    /// </summary>
    public void Tell(IKubernetesObject about, string type, string reason, string action, string message)
    {
        var made = Make(Refer(about), type, reason, message);
        (made.EventTime, made.Action, made.ReportingInstance) = (made.FirstTimestamp, action, host.Length > 0 ? $"{component}-{host}" : component);
        (made.FirstTimestamp, made.LastTimestamp, made.Count, made.Source) = (null, null, 0, new());
        Enqueue(made);
    }

    private void Enqueue(Event made)
    {
        lock (gate)
        {
            if (waiting.Count >= QueueLimit)
            {
                client.Metrics.Counter("coracle_sdk_events_dropped_total", "Events dropped because too many waited to be written", "component").With(component).Add();
                return;
            }
            waiting.Enqueue(made);
            if (writing) return;
            writing = true;
        }
        _ = WriteAsync();
    }

    /// <summary>Names an object.</summary>
    public static ObjectReference Refer(IKubernetesObject obj) => new()
    {
        ApiVersion = obj.ApiVersion, Kind = obj.Kind, Namespace = obj.Metadata.Namespace, Name = obj.Metadata.Name, Uid = obj.Metadata.Uid,
        ResourceVersion = obj.Metadata.ResourceVersion,
    };

    private Event Make(ObjectReference about, string type, string reason, string message)
    {
        var now = client.Time.GetUtcNow();
        return new()
        {
            Metadata = new() { Name = names.Next(about.Name), Namespace = about.Namespace.Length > 0 ? about.Namespace : "default" },
            InvolvedObject = about, Reason = reason, Message = message, Type = type, Count = 1, FirstTimestamp = now, LastTimestamp = now,
            Source = new() { Component = component, Host = host }, ReportingComponent = component, ReportingInstance = host,
        };
    }

    private async Task WriteAsync()
    {
        await Task.Yield();
        WriteLog.Current = null; // these writes are not the reconcile's that recorded them
        while (true)
        {
            Event next;
            lock (gate)
            {
                if (!waiting.TryDequeue(out next!))
                {
                    writing = false;
                    return;
                }
            }
            await WriteAsync(next);
        }
    }

    private async ValueTask WriteAsync(Event next)
    {
        if (correlator.Correlate(next) is not { } correlated) return;
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            try
            {
                var written = await WriteOnceAsync(correlated);
                // Somebody else told of the object at the same nanosecond. After a call without an answer, though, it is the event itself that is there.
                for (var clash = 0; written.IsAlreadyExists && attempt == 1 && clash < Tries; clash++)
                {
                    correlated.Event.Metadata.Name = names.Next(correlated.Event.InvolvedObject.Name);
                    written = await WriteOnceAsync(correlated);
                }
                if (written.Ok) correlator.Written(correlated, written.Value);
                else if (!written.IsAlreadyExists && !written.Failure.IsNamespaceTerminating)
                    client.Log(LogSeverity.Warning, component, $"the server refused an event: {written.Failure.Message}");
                return;
            }
            catch (Exception failure)
            {
                client.Log(LogSeverity.Warning, component, $"an event could not be written: {failure.Message}", failure);
                await Task.Delay(attempt == 1 ? RetryDelay * client.Random.NextDouble() : RetryDelay, client.Time);
            }
        }
    }

    private async ValueTask<ApiResult<Event>> WriteOnceAsync(CorrelatedEvent correlated)
    {
        if (correlated.Patch is { } patch)
        {
            var patched = await client.TryPatchAsync<Event>(Key.Of(correlated.Event), patch);
            if (!patched.IsNotFound) return patched;
        }
        correlated.Event.Metadata.ResourceVersion = "";
        return await client.TryCreateAsync(correlated.Event);
    }
}
