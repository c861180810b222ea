using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Controllers.Tests.Support;

/// <summary>An API server in memory and the controllers that a test names, on one thread, in virtual time and in an order that a seed decides.</summary>
/// <remarks>Nothing has to be ended: no thread and no timer goes on by itself.</remarks>
public sealed class SimulatedCluster
{
    private readonly ControlPlane plane;
    private readonly List<string> faults = [];
    private CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    public SimulatedCluster(int seed, params Func<InformerSet, Controller>[] controllers)
    {
        Loop = new(seed);
        plane = new(new() { Store = new MemoryStore(), Clock = Loop.Time, Random = Loop.Random, Log = Note });
        Client = plane.Client(Admin, "test");
        Seen = new(Client);
        _ = Loop.Start(() =>
        {
            Seen.Start(CancellationToken.None);
            return Task.CompletedTask;
        });
        foreach (var ns in (string[])["default", "kube-system", "kube-node-lease"]) Create(new Namespace { Metadata = new() { Name = ns } });
        Create(new ServiceAccount { Metadata = new() { Namespace = "default", Name = "default" } });
        StartControllers(controllers);
    }

    private static User Admin => new() { Name = "system:apiserver", Groups = ["system:masters"] };

    public SimulationLoop Loop { get; }
    public Client Client { get; }

    /// <summary>Caches of the test's own.</summary>
    public InformerSet Seen { get; }

    /// <summary>Tells of every change of a kind, on the loop's own thread: a cache that is asked for elsewhere would run elsewhere.</summary>
    public void Watch<T>(Action<Delta<T>> handler) where T : class, IKind<T> => _ = Loop.Start(() =>
    {
        Seen.For<T>().Subscribe(handler);
        return Task.CompletedTask;
    });

    /// <summary>What was logged as an error, reconciles that are tried again included.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>Ends the controllers that run, as a restart of their process would, and starts these.</summary>
    public void RestartControllers(params Func<InformerSet, Controller>[] controllers)
    {
        StopControllers();
        StartControllers(controllers);
    }

    private void StartControllers(Func<InformerSet, Controller>[] controllers)
    {
        stop = new();
        var informers = new InformerSet(plane.Client(Admin, "controllers"));
        var host = new ControllerHost(informers);
        foreach (var make in controllers) host.Add(make(informers));
        running = Loop.Start(() => host.RunAsync(stop.Token));
        Loop.RunFor(TimeSpan.FromMilliseconds(100));
    }

    private void StopControllers()
    {
        Loop.Inside(stop.Cancel);
        Loop.RunUntil(() => running.IsCompleted, TimeSpan.FromMinutes(1));
        stop.Dispose();
    }

    // Doing

    public T Do<T>(Func<ValueTask<T>> act) => Loop.Run(async () => await act());
    public T Create<T>(T obj) where T : class, IKind<T> => Do(() => Client.CreateAsync(obj));
    public T Get<T>(string ns, string name) where T : class, IKind<T> => Do(() => Client.GetAsync<T>(new(ns, name)));
    public T? Find<T>(string ns, string name) where T : class, IKind<T> => Do(() => Client.TryGetAsync<T>(new(ns, name)));
    public IReadOnlyList<T> List<T>(string ns = "default") where T : class, IKind<T> => Do(() => Client.ListAsync<T>(ns)).Items;
    public bool Delete<T>(string ns, string name, Deletion? how = null) where T : class, IKind<T> => Do(() => Client.DeleteAsync<T>(new Key(ns, name), how));

    public T Change<T>(string ns, string name, Action<T> change) where T : class, IKind<T> => Write(ns, name, change, (obj) => Client.TryUpdateAsync(obj));
    public T ChangeStatus<T>(string ns, string name, Action<T> change) where T : class, IKind<T> => Write(ns, name, change, (obj) => Client.TryUpdateStatusAsync(obj));

    private T Write<T>(string ns, string name, Action<T> change, Func<T, ValueTask<ApiResult<T>>> write) where T : class, IKind<T> => Do(async () =>
    {
        while (true)
        {
            var obj = await Client.GetAsync<T>(new(ns, name));
            change(obj);
            var written = await write(obj);
            if (!written.IsConflict) return written.OrThrow();
        }
    });

    // Waiting

    public void Pass(double seconds) => Loop.RunFor(TimeSpan.FromSeconds(seconds));

    /// <summary>Fails the test when the condition does not come to hold within the time.</summary>
    public void Until(Func<bool> holds, double seconds, string what) =>
        Assert.True(Loop.RunUntil(holds, TimeSpan.FromSeconds(seconds)), $"waited in vain for {what}; {string.Join("; ", faults.TakeLast(3))}");

    private void Note(LogEntry entry)
    {
        if (entry.Severity == LogSeverity.Error) faults.Add($"{entry.Source}: {entry.Message} {entry.Failure}");
    }
}
