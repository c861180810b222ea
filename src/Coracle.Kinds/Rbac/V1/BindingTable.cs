using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>The table of role bindings and cluster role bindings.</summary>
internal static class BindingTable
{
    internal static IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Role", "Kind and name of the role that is granted."),
        CommonColumns.Age,
        CommonColumns.Wide("Users", "Users to whom the role is granted."),
        CommonColumns.Wide("Groups", "Groups to whom the role is granted."),
        CommonColumns.Wide("ServiceAccounts", "Service accounts to which the role is granted, as namespace/name."),
    ];

    internal static IReadOnlyList<object?> Cells(ObjectMeta metadata, RoleRef role, List<Subject>? subjects, DateTimeOffset now) =>
    [
        metadata.Name,
        $"{role.Kind}/{role.Name}",
        Cell.Age(metadata, now),
        Names(subjects, SubjectKind.User),
        Names(subjects, SubjectKind.Group),
        Names(subjects, SubjectKind.ServiceAccount),
    ];

    private static string Names(List<Subject>? subjects, string kind) =>
        string.Join(", ", (subjects ?? []).Where(s => s.Kind == kind).Select(Name));

    private static string Name(Subject subject) =>
        subject.Kind == SubjectKind.ServiceAccount && subject.Namespace.Length > 0 ? $"{subject.Namespace}/{subject.Name}" : subject.Name;
}
