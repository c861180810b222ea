using System.Globalization;

namespace Coracle.Sdk;

/// <summary>
/// How far a cache has come, and who waits for it to come further. Versions of one resource are compared as numbers, which Kubernetes
/// guarantees since 1.35 and has always done; a version that is no number is not waited for.
/// </summary>
internal sealed class CacheProgress
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<TaskCompletionSource, ulong> byVersion = new();
    private readonly Dictionary<Key, List<Condition>> byKey = [];
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string version = "";
    private ulong number;

    private sealed record Condition(Func<bool> Holds, TaskCompletionSource Source);

    public Task Synced => synced.Task;
    public bool HasSynced => synced.Task.IsCompleted;

    public string Version
    {
        get { lock (gate) return version; }
    }

    /// <summary>The cache is as of this version, and by it is synced.</summary>
    public void Restart(string at)
    {
        lock (gate) Move(at);
        synced.TrySetResult();
        CheckConditions();
    }

    /// <summary>The cache has come to this version; an older one is ignored.</summary>
    public void Advance(string to)
    {
        lock (gate)
            if (!TryNumber(to, out var next) || next > number) Move(to);
    }

    private void Move(string to)
    {
        version = to;
        TryNumber(to, out number);
        while (byVersion.TryPeek(out var source, out var wanted) && wanted <= number)
        {
            byVersion.Dequeue();
            source.TrySetResult();
        }
    }

    /// <summary>An object of this key changed: those who wait for just that look again.</summary>
    public void Changed(Key key)
    {
        lock (gate)
        {
            if (!byKey.TryGetValue(key, out var conditions)) return;
            conditions.RemoveAll(c => c.Source.Task.IsCompleted || (c.Holds() && c.Source.TrySetResult()));
            if (conditions.Count == 0) byKey.Remove(key);
        }
    }

    private void CheckConditions()
    {
        Key[] keys;
        lock (gate) keys = [.. byKey.Keys];
        foreach (var key in keys) Changed(key);
    }

    public Task WaitFor(string wanted)
    {
        lock (gate)
        {
            if (!TryNumber(wanted, out var wantedNumber) || (HasSynced && wantedNumber <= number)) return Task.CompletedTask;
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            byVersion.Enqueue(source, wantedNumber);
            return source.Task;
        }
    }

    public Task WaitUntil(Key key, Func<bool> holds)
    {
        lock (gate)
        {
            if (HasSynced && holds()) return Task.CompletedTask;
            if (!byKey.TryGetValue(key, out var conditions)) byKey[key] = conditions = [];
            var condition = new Condition(holds, new(TaskCreationOptions.RunContinuationsAsynchronously));
            conditions.Add(condition);
            return condition.Source.Task;
        }
    }

    internal static bool TryNumber(string version, out ulong number) => ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
