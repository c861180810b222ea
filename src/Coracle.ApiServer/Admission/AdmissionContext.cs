using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer;

public enum Operation { Create, Update, Delete, Connect }

/// <summary>What is about to happen to an object, for those who may change or refuse it.</summary>
public sealed class AdmissionContext(RequestContext request, KindInfo kind, Operation operation, JsonObject? obj, JsonObject? old) : IDisposable
{
    private Action? _finish;
    private Dictionary<CelAuthorizationQuery, CelAuthorizationDecision>? _decisions;

    public RequestContext Request { get; } = request;
    public KindInfo Kind { get; } = kind;
    public Operation Operation { get; } = operation;

    /// <summary>The new object, which mutating plugins change; null on delete.</summary>
    public JsonObject? Object { get; set; } = obj;

    /// <summary>The live object; null on create.</summary>
    public JsonObject? Old { get; } = old;
    public string Subresource { get; init; } = "";

    /// <summary>How a deletion is to be.</summary>
    internal DeleteOptions? Deletion { get; init; }

    public bool DryRun => Request.DryRun || Deletion is { DryRun: true };
    public User User => Request.User;
    public Server Server => Request.Server;
    public string Namespace => Request.Kind.Namespaced || Request.Kind is { Group: "", Kind: "Namespace" } ? Request.Info.Namespace : "";

    /// <summary>The object's name; empty for one that has yet to be given one.</summary>
    public string Name => Object is null ? Request.Info.Name : Meta.Text(Meta.Of(Object), "name");

    /// <summary>The name of the object that is written, or whose sub-resource is.</summary>
    internal string ObjectName => Request.IsOfCollection ? "" : Request.Info.Name.Length > 0 ? Request.Info.Name : Name;

    /// <summary>The second round of changes, and what makes one necessary; null as long as nobody has thought of it.</summary>
    internal Reinvocation? Reinvocation { get; set; }

    /// <summary>Objects in versions that only a webhook makes, by the version and what they were made of.</summary>
    internal Dictionary<(Resource To, string Json), JsonObject> Conversions => _conversions ??= [];
    private Dictionary<(Resource To, string Json), JsonObject>? _conversions;

    /// <summary>Why somebody cannot be shown the object in the version that he asks for.</summary>
    internal ApiStatus? ConversionFailure { get; set; }

    /// <summary>Whether the object is of this kind (any version).</summary>
    public bool Is(string group, string kind) => Kind.Kind == kind && Kind.Group == group;

    public ApiStatus Forbidden(string why) => ApiStatus.Forbidden(Kind, Name, why);

    /// <summary>Has something done once it is known what became of the request: written, refused or failed.</summary>
    internal void OnFinished(Action finish) => _finish += finish;

    /// <summary>What the authorizer has told expressions.</summary>
    internal Dictionary<CelAuthorizationQuery, CelAuthorizationDecision> Decisions => _decisions ??= [];

    public void Dispose() => _finish?.Invoke();
}

/// <summary>What webhooks and policies of changes remember of the first round for the second.</summary>
internal sealed class Reinvocation
{
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly HashSet<string> _again = new(StringComparer.Ordinal);

    /// <summary>Somebody changed the object after others had seen it.</summary>
    public bool IsWanted { get; set; }

    /// <summary>This is the second round; there is no third.</summary>
    public bool IsSecond { get; set; }

    /// <summary>The object as the last one left it, to see whether plugins changed it since.</summary>
    public byte[]? Last { get; set; }

    /// <summary>Has been asked, and wants to be again should the object change.</summary>
    public void Done(string who) => _done.Add(who);

    /// <summary>The object has changed: those who were asked and want to be again will be.</summary>
    public void Changed()
    {
        _again.UnionWith(_done);
        _done.Clear();
    }

    public bool IsToBeAsked(string who) => _again.Contains(who);
}

/// <summary>One admission plugin. Changes come first, over all plugins, then checks.</summary>
public abstract class AdmissionPlugin
{
    /// <summary>Upstream's name of the plugin.</summary>
    public abstract string Name { get; }

    /// <summary>Changes the object, or refuses it.</summary>
    public virtual ValueTask<ApiStatus?> MutateAsync(AdmissionContext context) => ValueTask.FromResult<ApiStatus?>(null);

    /// <summary>Refuses what must not be.</summary>
    public virtual ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context) => ValueTask.FromResult<ApiStatus?>(null);
}

/// <summary>The plugins in the order in which they are asked.</summary>
public sealed class AdmissionChain(params IReadOnlyList<AdmissionPlugin> plugins)
{
    /// <summary>All changes; and once more when webhooks or policies changed what others had seen.</summary>
    public async ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        if (await MutateOnce(context) is { } refused) return refused;
        if (context.Reinvocation is not { IsWanted: true } again) return null;
        again.IsSecond = true;
        return await MutateOnce(context);
    }

    private async ValueTask<ApiStatus?> MutateOnce(AdmissionContext context)
    {
        foreach (var plugin in plugins)
            if (await plugin.MutateAsync(context) is { } refused) return refused;
            else if (context.ConversionFailure is { } failure) return failure;
        return null;
    }

    public async ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        foreach (var plugin in plugins)
            if (await plugin.ValidateAsync(context) is { } refused) return refused;
            else if (context.ConversionFailure is { } failure) return failure;
        return null;
    }

    /// <summary>Changes and checks at once, for what is answered and not stored as such: a binding, an eviction, a connection.</summary>
    public async ValueTask<ApiStatus?> AdmitAsync(AdmissionContext context) => await MutateAsync(context) ?? await ValidateAsync(context);
}
