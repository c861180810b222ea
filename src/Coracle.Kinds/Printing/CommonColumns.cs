using Coracle.Schema;

namespace Coracle.Kinds.Printing;

/// <summary>Columns that many kinds share.</summary>
internal static class CommonColumns
{
    internal static TableColumn Name { get; } = new("Name", "string", "name", "Name of the object, unique among its kind in its namespace.");
    internal static TableColumn Age { get; } = Text("Age", "Time since the object was created.");
    internal static TableColumn Containers { get; } = Wide("Containers", "Names of the containers that the template describes.");
    internal static TableColumn Images { get; } = Wide("Images", "Images of the containers that the template describes.");
    internal static TableColumn Selector { get; } = Wide("Selector", "Labels of the pods that belong to this object.");

    internal static TableColumn Text(string name, string description) => new(name, "string", "", description);
    internal static TableColumn Number(string name, string description) => new(name, "integer", "", description);

    /// <summary>A column of -o wide.</summary>
    internal static TableColumn Wide(string name, string description) => new(name, "string", "", description, 1);
}
