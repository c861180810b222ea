using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Controllers.Tests.Support;

/// <summary>
/// An API server in memory and some controllers; those that a test does not name do not run. Its clock is virtual: it moves a little while a test
/// waits for something, so that retries happen, and as far as the test says.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource stopping = new();
    private readonly ControlPlane plane;
    private readonly Lock gate = new();
    private readonly List<string> faults = [];
    private Task host = Task.CompletedTask;

    private TestCluster()
    {
        plane = new ControlPlane(new ControlPlaneOptions { Store = new MemoryStore(), Clock = Time, Random = new Random(1), Log = Note });
        Client = NewClient("test");
        Informers = new InformerSet(NewClient("controllers"));
    }

    public static async Task<TestCluster> StartAsync(params Func<InformerSet, Controller>[] controllers)
    {
        var cluster = new TestCluster();
        await cluster.Client.TryCreateAsync(new Namespace { Metadata = new() { Name = "default" } });
        await cluster.Client.TryCreateAsync(new ServiceAccount { Metadata = new() { Name = "default", Namespace = "default" } });
        var all = new ControllerHost(cluster.Informers);
        foreach (var make in controllers) all.Add(make(cluster.Informers));
        cluster.host = all.RunAsync(cluster.stopping.Token);
        await cluster.Informers.WaitForSyncAsync().WaitAsync(Patience);
        return cluster;
    }

    public VirtualTime Time { get; } = new();
    public Client Client { get; }

    /// <summary>The caches that the controllers read; tests may look into them.</summary>
    public InformerSet Informers { get; }

    /// <summary>What was logged as an error, reconciles that are tried again included.</summary>
    public IReadOnlyList<string> Faults
    {
        get { lock (gate) return [.. faults]; }
    }

    public Client NewClient(string agent) => plane.Client(new User { Name = "system:apiserver", Groups = ["system:masters"] }, agent);

    private void Note(LogEntry entry)
    {
        if (entry.Severity != LogSeverity.Error) return;
        lock (gate) faults.Add($"{entry.Source}: {entry.Message} {entry.Failure}");
    }

    // Doing

    public async Task<T> CreateAsync<T>(T obj) where T : class, IKind<T> => await Client.CreateAsync(obj);
    public async Task<T> GetAsync<T>(string name) where T : class, IKind<T> => await Client.GetAsync<T>(new Key("default", name));
    public async Task<IReadOnlyList<T>> ListAsync<T>() where T : class, IKind<T> => (await Client.ListAsync<T>("default")).Items;
    public async Task<bool> DeleteAsync<T>(string name, Deletion? how = null) where T : class, IKind<T> => await Client.DeleteAsync<T>(new Key("default", name), how);

    /// <summary>Reads, changes and writes; anew when another write came in between.</summary>
    public async Task<T> ChangeAsync<T>(string name, Action<T> change) where T : class, IKind<T>
    {
        while (true)
        {
            var obj = await GetAsync<T>(name);
            change(obj);
            var update = await Client.TryUpdateAsync(obj);
            if (!update.IsConflict) return update.OrThrow();
        }
    }

    /// <summary>Follows all changes of a kind, those that are there already first.</summary>
    public void Follow<T>(Action<Delta<T>> handler) where T : class, IKind<T> => Informers.For<T>().Subscribe(handler);

    public Informer<T> Cache<T>() where T : class, IKind<T> => Informers.For<T>();

    /// <summary>The object as the cache has it.</summary>
    public T? Seen<T>(string name) where T : class, IKind<T> => Cache<T>().Get(new Key("default", name));

    // Waiting

    /// <summary>Waits until the condition holds; time moves on slowly meanwhile. Fails the test when it never does.</summary>
    public async Task UntilAsync(Func<bool> holds, string what)
    {
        var limit = DateTime.UtcNow + Patience;
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < limit, $"waited in vain for {what}; {string.Join("; ", Faults.TakeLast(3))}");
            await Task.Delay(1);
            Time.Advance(Tick);
        }
    }

    /// <summary>As <see cref="UntilAsync"/>, for what only the server knows.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var limit = DateTime.UtcNow + Patience;
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < limit, $"waited in vain for {what}; {string.Join("; ", Faults.TakeLast(3))}");
            await Task.Delay(1);
            Time.Advance(Tick);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await host;
        await plane.DisposeAsync();
        stopping.Dispose();
    }
}
