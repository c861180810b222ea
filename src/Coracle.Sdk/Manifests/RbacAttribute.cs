namespace Coracle.Sdk;

/// <summary>
/// What a reconciler or a webhook does beyond what its controller declares, on its class, which must be partial: the generator writes it down. What For, Owns, Watches and Reads need goes without saying.
/// <code>
/// [Rbac("", "pods", "patch", "delete")]
/// [Rbac("example.com", "backups/status", "update")]
/// public sealed partial class BackupReconciler : IReconciler { ... }
/// </code>
/// </summary>
/// <param name="group">The resource's group; "" is the core group.</param>
/// <param name="resource">The resource by its plural, or a sub-resource: "pods", "pods/eviction".</param>
/// <param name="verbs">"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", or others that the resource knows.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class RbacAttribute(string group, string resource, params string[] verbs) : Attribute
{
    public string Group { get; } = group;
    public string Resource { get; } = resource;
    public IReadOnlyList<string> Verbs { get; } = verbs;

    /// <summary>Of objects of these names alone.</summary>
    public string[] Names { get; set; } = [];

    /// <summary>In this namespace alone; "" for the whole cluster.</summary>
    public string Namespace { get; set; } = "";

    /// <summary>Paths that are no resources, instead of one: "/metrics".</summary>
    public string[] Urls { get; set; } = [];
}

/// <summary>Who says what he must be allowed to do. Generated from <see cref="RbacAttribute"/>; written by hand where that depends on options.</summary>
public interface IDeclaredRules
{
    IReadOnlyList<RbacRule> Rules { get; }
}
