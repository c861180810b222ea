namespace Coracle.ApiServer;

/// <summary>What rules of webhooks and policies look at: the operation and the resource as the request names it.</summary>
/// <param name="Operation">"CREATE", "UPDATE", "DELETE" or "CONNECT".</param>
/// <param name="Resource">The resource of the path, or another version or group of the same objects.</param>
/// <param name="Subresource">The sub-resource; empty for the object itself.</param>
/// <param name="Namespace">The namespace; of a namespace its own name; empty for what is outside of namespaces.</param>
internal readonly record struct AdmissionTarget(string Operation, Resource Resource, string Subresource, string Namespace)
{
    public bool IsNamespace => Resource.Kind is { Group: "", Plural: "namespaces" };

    public static AdmissionTarget Of(AdmissionContext context) => new(Word(context.Operation), context.Request.Resource, context.Subresource, NamespaceOf(context));

    private static string NamespaceOf(AdmissionContext context) =>
        context.Request.Resource.Kind is { Group: "", Plural: "namespaces" } ? context.ObjectName : context.Namespace;

    public static string Word(ApiServer.Operation operation) => operation switch
    {
        ApiServer.Operation.Create => "CREATE",
        ApiServer.Operation.Update => "UPDATE",
        ApiServer.Operation.Delete => "DELETE",
        _ => "CONNECT",
    };
}
