using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>The texts of refusals, as clients of Kubernetes know them.</summary>
public static class Forbidden
{
    /// <summary>The whole message of the 403: <c>pods is forbidden: User "x" cannot list resource "pods" in API group "" in the namespace "default"</c>.</summary>
    public static string Message(RequestAttributes attributes, string reason)
    {
        var text = Escape(Cause(attributes));
        return ForObject(attributes.ApiGroup, attributes.Resource, attributes.Name, reason.Length == 0 ? text : $"{text}: {reason}");
    }

    /// <summary>A 403's message about an object for a cause: upstream's errors.NewForbidden.</summary>
    public static string ForObject(string group, string resource, string name, string cause)
    {
        if (resource.Length == 0)
            return $"forbidden: {cause}";
        var qualified = group.Length == 0 ? resource : $"{resource}.{group}";
        return name.Length == 0 ? $"{qualified} is forbidden: {cause}" : $"{qualified} {GoText.Quote(name)} is forbidden: {cause}";
    }

    private static string Cause(RequestAttributes attributes)
    {
        var user = GoText.Quote(attributes.User.Name);
        if (!attributes.IsResourceRequest)
            return $"User {user} cannot {attributes.Verb} path {GoText.Quote(attributes.Path)}";
        var resource = attributes.Subresource.Length == 0 ? attributes.Resource : $"{attributes.Resource}/{attributes.Subresource}";
        var what = $"User {user} cannot {attributes.Verb} resource {GoText.Quote(resource)} in API group {GoText.Quote(attributes.ApiGroup)}";
        return attributes.Namespace.Length > 0 ? $"{what} in the namespace {GoText.Quote(attributes.Namespace)}" : $"{what} at the cluster scope";
    }

    /// <summary>What a client sent must not read as HTML to a browser.</summary>
    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
