"""The back office: views, forms and read-only queries; every deed is an action of the feature it belongs to."""
