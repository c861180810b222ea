using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>
/// Tells every object again once a period. The objects are told in slices spread over the period, so that ten thousand of them do not arrive in
/// one moment.
/// </summary>
internal sealed class ResyncSubscription<T> : IDisposable where T : class, IKubernetesObject
{
    private const int Slices = 32;
    private readonly Informer<T> informer;
    private readonly Action<Delta<T>> handler;
    private readonly Lock order;
    private readonly IDisposable subscription;
    private readonly ITimer timer;
    private int slice;

    public ResyncSubscription(Informer<T> informer, Action<Delta<T>> handler, TimeSpan period, Lock order)
    {
        this.informer = informer;
        this.handler = handler;
        this.order = order;
        subscription = informer.Subscribe(handler);
        timer = informer.Client.Time.CreateTimer(static state => ((ResyncSubscription<T>)state!).Tick(), this, period / Slices, period / Slices);
    }

    private void Tick()
    {
        lock (order)
        {
            slice = (slice + 1) % Slices;
            foreach (var obj in informer.List())
                if (SliceOf(obj.Metadata.Name) == slice) handler(new(DeltaType.Updated, obj, obj) { Resync = true });
        }
    }

    // string.GetHashCode differs from run to run, which a run that is to be repeated cannot have.
    private static int SliceOf(string name)
    {
        var hash = 2166136261u;
        foreach (var c in name) hash = (hash ^ c) * 16777619;
        return (int)(hash % Slices);
    }

    public void Dispose()
    {
        timer.Dispose();
        subscription.Dispose();
    }
}
