namespace Coracle.ApiServer;

/// <summary>Nothing is created in a namespace that does not exist or is going, and the system's namespaces stay.</summary>
public sealed class NamespaceLifecycle : AdmissionPlugin
{
    private static readonly string[] Immortal = ["default", "kube-system", "kube-public"];

    public override string Name => "NamespaceLifecycle";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context) => ValueTask.FromResult(Check(context));

    private static ApiStatus? Check(AdmissionContext context)
    {
        if (context.Is("", "Namespace"))
        {
            var name = context.Request.Info.Name;
            return context.Operation == Operation.Delete && Immortal.Contains(name) ? ApiStatus.Forbidden(context.Kind, name, "this namespace may not be deleted") : null;
        }
        if (context.Operation != Operation.Create || !context.Kind.Namespaced) return null;
        var namespaces = context.Server.Resources.Find("", "v1", "namespaces")!;
        if (namespaces.Cache.Get(context.Namespace) is not { } ns) return ApiStatus.NotFound(namespaces.Kind, context.Namespace);
        return ns.Field("metadata.deletionTimestamp").Length == 0 ? null : Terminating(context);
    }

    private static ApiStatus Terminating(AdmissionContext context) =>
        context.Forbidden($"unable to create new content in namespace {context.Namespace} because it is being terminated") with
        {
            Causes = [new("NamespaceTerminating", $"namespace {context.Namespace} is being terminated", "metadata.namespace")],
        };
}
