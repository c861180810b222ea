using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Schema;

namespace Coracle.ApiServer;

public enum Operation { Create, Update, Delete, Connect }

/// <summary>What is about to happen to an object, for those who may change or refuse it.</summary>
public sealed class AdmissionContext(RequestContext request, KindInfo kind, Operation operation, JsonObject? obj, JsonObject? old)
{
    public RequestContext Request { get; } = request;
    public KindInfo Kind { get; } = kind;
    public Operation Operation { get; } = operation;

    /// <summary>The new object, which mutating plugins change; null on delete.</summary>
    public JsonObject? Object { get; set; } = obj;

    /// <summary>The live object; null on create.</summary>
    public JsonObject? Old { get; } = old;
    public string Subresource { get; init; } = "";

    internal bool DryRunDelete { get; init; }

    public bool DryRun => Request.DryRun || DryRunDelete;
    public User User => Request.User;
    public Server Server => Request.Server;
    public string Namespace => Request.Kind.Namespaced || Request.Kind is { Group: "", Kind: "Namespace" } ? Request.Info.Namespace : "";

    /// <summary>The object's name; empty for one that has yet to be given one.</summary>
    public string Name => Object is null ? Request.Info.Name : Meta.Text(Meta.Of(Object), "name");

    /// <summary>Whether the object is of this kind (any version).</summary>
    public bool Is(string group, string kind) => Kind.Kind == kind && Kind.Group == group;

    public ApiStatus Forbidden(string why) => ApiStatus.Forbidden(Kind, Name, why);
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
    public async ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        foreach (var plugin in plugins)
            if (await plugin.MutateAsync(context) is { } refused) return refused;
        return null;
    }

    public async ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        foreach (var plugin in plugins)
            if (await plugin.ValidateAsync(context) is { } refused) return refused;
        return null;
    }
}
