using System.Globalization;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Tests.Running;

/// <summary>
/// Writes without a pause, each writer to its own objects, and remembers what was acknowledged. A write that broke off may or may not have happened; one that
/// was acknowledged must be there, for good.
/// </summary>
internal sealed class Writers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Writer> _writers = [];
    private readonly List<Task> _running = [];
    private long _highest;

    public Writers(Client client, int count)
    {
        for (var i = 0; i < count; i++) _writers.Add(new Writer(this, client, $"writer-{i}"));
        foreach (var writer in _writers) _running.Add(Task.Run(() => writer.Run(_stop.Token)));
    }

    /// <summary>The highest revision that any acknowledgement or read named.</summary>
    public long Highest => Interlocked.Read(ref _highest);

    public long Acknowledged => _writers.Sum(w => w.Acknowledged);

    public void Saw(string resourceVersion)
    {
        var revision = long.Parse(resourceVersion, CultureInfo.InvariantCulture);
        for (var known = Highest; revision > known; known = Highest)
            if (Interlocked.CompareExchange(ref _highest, revision, known) == known) return;
    }

    /// <summary>Compares what the server has with what it acknowledged; the writers go on meanwhile.</summary>
    public async Task Check(Client client, CancellationToken cancel)
    {
        foreach (var writer in _writers) await writer.Check(client, cancel);
        foreach (var task in _running.Where(t => t.IsFaulted)) await task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private sealed class Writer(Writers all, Client client, string name)
    {
        private readonly Key _key = new("default", name);
        private readonly Lock _lock = new();
        private long _value;
        private (long Value, long Revision) _acknowledged;

        public long Acknowledged { get; private set; }

        public async Task Run(CancellationToken cancel)
        {
            while (!cancel.IsCancellationRequested)
            {
                try
                {
                    await WriteOnce(cancel);
                }
                catch (TransportException)
                {
                    await Task.Delay(10, CancellationToken.None);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }

        private async Task WriteOnce(CancellationToken cancel)
        {
            var before = all.Highest;
            var existing = await client.TryGetAsync<ConfigMap>(_key, cancel);
            var value = ++_value;
            var text = value.ToString(CultureInfo.InvariantCulture);
            ApiResult<ConfigMap> written;
            if (existing is null) written = await client.TryCreateAsync(new ConfigMap { Metadata = new() { Name = name, Namespace = "default" }, Data = new() { ["value"] = text } }, cancel);
            else
            {
                existing.Data = new() { ["value"] = text };
                written = await client.TryUpdateAsync(existing, cancel);
            }
            if (!written.Ok)
            {
                // The one before, that broke off, came through after all; or the server is on its way down or up.
                if (written.IsConflict || written.IsAlreadyExists || written.Failure.Code >= 500 || written.Failure.Code == 403) return;
                throw new ApiException(written.Failure);
            }
            var revision = long.Parse(written.Value.Metadata.ResourceVersion, CultureInfo.InvariantCulture);
            Assert.True(revision > before, $"{name} was written at revision {revision}, after {before} had been told");
            all.Saw(written.Value.Metadata.ResourceVersion);
            Acknowledged++;
            lock (_lock) _acknowledged = (value, revision);
        }

        public async Task Check(Client reader, CancellationToken cancel)
        {
            (long Value, long Revision) promised;
            lock (_lock) promised = _acknowledged;
            if (promised.Value == 0) return;
            var stored = await reader.TryGetAsync<ConfigMap>(_key, cancel);
            Assert.True(stored is not null, $"{name} is gone; its value {promised.Value} was acknowledged");
            var value = long.Parse(stored.Data!["value"], CultureInfo.InvariantCulture);
            Assert.True(value >= promised.Value, $"{name} has value {value}; {promised.Value} was acknowledged");
            var revision = long.Parse(stored.Metadata.ResourceVersion, CultureInfo.InvariantCulture);
            Assert.True(revision >= promised.Revision, $"{name} is at revision {revision}; {promised.Revision} was acknowledged");
        }
    }
}
